def test_smoke(world):
    v = world.visit(None)
    r = v.get("/hosts"); print(r.status_code, r.headers)
    r = v.get("/sign-in"); print(r.status_code, r.text[:600]); print(r.headers)
    r = v.submit("/sign-in", {"login_name": "x", "password": "y"}); print(r.status_code)
    r = world.visit().get("/nowhere"); print(r.status_code, r.text[:1500])
    r = world.visit().get("/schema/openapi.json"); print(r.status_code)
