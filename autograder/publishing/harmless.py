"""What a student wrote, made harmless: nothing of it runs in a browser.

What is written stays Markdown and is rendered later, by programs that do not agree on what is code
and what is HTML. So nothing here depends on where in the Markdown something stands.
"""

from __future__ import annotations

import functools
import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import nh3

_VOID = frozenset({"br", "hr", "img"})
_PAIRED = frozenset(
    {"a", "abbr", "b", "blockquote", "code", "em", "i", "kbd", "li", "ol", "p", "s", "strong"}
    | {"sub", "sup", "u", "ul"}
)


def _address_in_one_word(tag: str, attribute: str, value: str) -> str | None:
    return None if attribute in ("href", "src") and " " in value else value


_CLEANER = nh3.Cleaner(
    tags=set(_VOID | _PAIRED),
    attributes={"a": {"href"}, "img": {"src", "alt", "width", "height"}},
    attribute_filter=_address_in_one_word,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
# A tag stands in one line: at an empty line Markdown would end it.
_TAG = re.compile(r"(<(?:[A-Za-z][ -;=?-~]{0,500}|/[A-Za-z]{1,20})>)")
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")
_AUTOLINK = re.compile(r"<(https?://[^\s<>]++)>")

# All that a scheme can be spelled with, character references and backslashes among it.
_SPELLING = re.compile(r"[\w&#;:\\/+.-]++")
_NOT_SPELT = dict.fromkeys([*range(0x21), ord("\\")])
# A clean notebook has no attachments; nbconvert stops at a picture of one.
_HARMFUL = re.compile(
    r"(?<![\w+.-])(?:javascript|vbscript|livescript|attachment(?=:\S)"
    r"|data(?=:\w)(?!:image/(?:png|jpeg|gif|webp);base64\b)):",
    re.ASCII | re.IGNORECASE,
)


def safe_markdown(source: str) -> str:
    """Markdown with no HTML and no link in it that could do harm.

    Plain tags stay. All other markup gets a space after its `<`, and a link that would run
    something a space before its colon: so they are text, in a paragraph as in code or a formula.

    Parameters
    ----------
    source : str
        Markdown, as a student wrote it.

    Examples
    --------
    >>> safe_markdown("`a < b` & <b>so</b><script>x</script>")
    '`a < b` & <b>so</b>< script>x< /script>'
    >>> safe_markdown("[here](javascript:alert(1)) or [there](https://example.org)")
    '[here](javascript :alert(1)) or [there](https://example.org)'
    """
    source = _SPELLING.sub(_without_harmful_scheme, source)
    pieces = _TAG.split(_AUTOLINK.sub(r"< \1 >", source))
    kept = {2 * number + 1: tag for number, tag in _kept_tags(pieces[1::2])}
    return "".join(
        kept[place] if place in kept else _MARKUP.sub("< ", piece)
        for place, piece in enumerate(pieces)
    )


def _without_harmful_scheme(spelling: re.Match[str]) -> str:
    if not _HARMFUL.search(html.unescape(spelling[0]).translate(_NOT_SPELT)):
        return spelling[0]
    return spelling[0].replace("&", " &amp;").replace(":", " :")


def _kept_tags(tags: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The tags that stay, with their numbers: harmless ones, if they stand alone or in pairs."""
    unclosed: list[tuple[int, str, str]] = []
    open_now: Counter[str] = Counter()
    for number, tag in enumerate(tags):
        cleaned = _cleaned(tag)
        name = cleaned.strip("</>").partition(" ")[0]
        if name in _VOID:
            yield number, cleaned
        elif cleaned.startswith("</"):
            while open_now[name]:
                opening, opened, as_cleaned = unclosed.pop()
                open_now[opened] -= 1
                if opened == name:
                    yield from ((opening, as_cleaned), (number, cleaned))
                    break
        elif cleaned:
            unclosed.append((number, name, cleaned))
            open_now[name] += 1


@functools.lru_cache(maxsize=1000)
def _cleaned(tag: str) -> str:
    """The tag as the cleaner writes it; "" if it would have to take something away."""
    if tag.startswith("</"):
        name = tag[2:-1].lower()
        return f"</{name}>" if name in _PAIRED else ""
    plain = re.sub(r" *+/?>$", ">", tag)
    cleaned: str = _CLEANER.clean(plain)
    opening = cleaned[: cleaned.find(">") + 1]
    return opening if html.unescape(opening).lower() == html.unescape(plain).lower() else ""
