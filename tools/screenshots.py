"""The pictures of the README: `python -m tools.screenshots` loads the demo city and photographs its main pages anew."""

import base64
import struct
import sys
import tempfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from sqlalchemy import select

from seed.load_demo import demo_id
from service.accounts.models import User
from service.matching.joint.asking import JointAsk
from service.matching.joint.running import execute_run
from service.matching.joint.service import start_run
from service.setup import signature
from tests.browser.demo_town import DemoTown, load_town, open_browser, serve
from tests.browser.places import DESK, MATCH, PHONE, SAKURA, THREE

FOLDER = Path(__file__).parents[1] / "docs" / "img"
LARGEST_BYTES = 250_000
PICTURES = {
    "today": "/",
    "hosts": "/hosts",
    "assessment": f"/people/{SAKURA}/assessment",
    "match": MATCH,
    "compare": f"{MATCH}/compare?compare={THREE}",
    "joint": "/joint/{run}",
    "board": "/placements",
    "placement": f"/placements/{demo_id('placement', 'P29')}",
}
HOSTS_PICTURES = {"host-home": "/host"}
"""What somebody of a host sees on a telephone."""
PIXELS = """async png => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  let text = "";
  for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
  return btoa(text);
}"""


def take_pictures(folder: Path) -> None:
    """One picture of each page as it first meets the eye at an office screen."""
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        load_town(Path(data))
        with serve(Path(data)) as town:
            browser = open_browser(playwright)
            darkroom, run = browser.new_page(), propose(town)
            for login_name, size, pictures in (("aoki", DESK, PICTURES), ("umi", PHONE, HOSTS_PICTURES)):
                page = window(browser, town, login_name, size)
                for name, path in pictures.items():
                    page.goto(path.format(run=run), wait_until="networkidle")
                    keep_picture(develop(page.screenshot(), darkroom), folder / f"{name}.png")
            browser.close()


def window(browser: Browser, town: DemoTown, login_name: str, size: ViewportSize) -> Page:
    """A window of this size in which that person is signed in."""
    context = browser.new_context(base_url=town.base, locale="ja-JP", timezone_id="Asia/Tokyo", viewport=size)
    context.add_cookies([{"name": "tsunagi", "value": town.sign_in(login_name), "url": town.base}])
    return context.new_page()


def propose(town: DemoTown) -> str:
    """A joint run of everybody in the demo city, computed here and now; answers its id."""
    now = datetime.now(UTC)
    with town.town.database.write(signature=signature(town.town, now)) as session:
        actor = session.scalars(select(User).where(User.login_name == "aoki")).one().as_actor()
        run = start_run(session, town.town, actor, JointAsk(), now).id
    save = execute_run(town.town, run)
    with town.town.database.write(signature=signature(town.town, now)) as session:
        save(session)
    return run


def develop(png: bytes, darkroom: Page) -> bytes:
    """The same picture in fewer bytes: 64 shades a channel, packed without the row filters, which suit photographs."""
    width, height = struct.unpack(">II", png[16:24])
    pixels = base64.b64decode(darkroom.evaluate(PIXELS, base64.b64encode(png).decode()))
    colours = np.frombuffer(pixels, np.uint8).reshape(height, width, 4)[:, :, :3] & 0xFC
    rows = np.pad((colours | colours >> 6).reshape(height, -1), ((0, 0), (1, 0)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return png[:8] + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def keep_picture(png: bytes, file: Path) -> None:
    """Write it down unless it is too large for a README."""
    if len(png) > LARGEST_BYTES:
        sys.exit(f"{file.name}: {len(png)} bytes, more than {LARGEST_BYTES}")
    file.write_bytes(png)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    take_pictures(FOLDER)
