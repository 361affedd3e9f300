"""The ordered table of date rules, and the function that reads all dates of a text.

Class letters: D day number, k other count, Y year, I Hijri year, M month, H Hijri month,
W weekday, T today, J yesterday, Q day before, F tomorrow, L last night, O tonight, p part of
day, d 'day', u unit of time, e/m/l early, middle, late, h half or quarter, P past, C current,
X next, S since, A before/ago, f from, t until, y 'year', o 'month', s 'of the same month',
z 'of last month', G 'of this month', U 'until today', q 'a few', r 'about', b 'corresponding to',
B 'on the two days', Z 'the same day', n a date written with full stops, E season.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hijridate import Hijri

from sijill.arabic.dates import Context, DateRef, DateWords, Sign, half_or_quarter, month_span
from sijill.arabic.numbers import Numbers

_MONTH = r"M(?:/M|\(M\))?"
_YEAR = "(?:,?f?y?Y)"
_WHICH = "[PCX]"
_DAYWORD = "(?:[TJQF]|d?W)"

Value = tuple[str, date, date] | None
"""EDTF, first day, last day."""


def _day(day: date, approx: bool = False) -> Value:
    return day.isoformat() + ("~" if approx else ""), day, day


def _month(year: int, month: int) -> Value:
    low, high = month_span(year, month)
    return f"{year:04d}-{month:02d}", low, high


def _year(year: int) -> Value:
    return f"{year:04d}", date(year, 1, 1), date(year, 12, 31)


def _interval(low: date, high: date) -> Value:
    return (f"{low.isoformat()}/{high.isoformat()}", low, high) if low <= high else None


class Match:
    """The signs that a rule matched, by class."""

    def __init__(self, signs: Sequence[Sign], context: Context, words: DateWords) -> None:
        self.signs, self.context, self.words = signs, context, words

    def first(self, letters: str) -> Sign | None:
        """The first sign of one of these classes."""
        return next((s for s in self.signs if s.letter in letters), None)

    def all(self, letters: str) -> list[Sign]:
        """Every sign of these classes."""
        return [s for s in self.signs if s.letter in letters]

    def value(self, letters: str) -> Any:
        """The value of the first sign of these classes."""
        sign = self.first(letters)
        return sign.value if sign else None

    def year_of(self, month: int, day: int = 1) -> int | None:
        """The year that is told, or the one that the publication date gives."""
        told = self.value("Y")
        if told:
            return int(told)
        published = self.context.published
        if published is None:
            return None
        if self.first("y") and self.first("P"):
            return published.year - 1
        if self.first("y") and self.first("C"):
            return published.year
        if self.first("X"):
            return published.year + (1 if (month, day) < (published.month, published.day) else 0)
        ahead = (month, day) > (published.month, published.day)
        if ahead and not self.first("P"):
            near = _safe(published.year, month, day)
            if near and (near - published).days <= 21:
                return published.year
        return published.year - (1 if ahead else 0)


def _safe(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year else None
    except ValueError:
        return None


def _full_date(m: Match) -> Value:
    day, month = m.value("DkN"), m.value("M")
    if not 1 <= day <= 31:
        return None
    found = _safe(m.year_of(month, day), month, day)
    if found:
        m.context.month = (found.year, found.month)
    return _day(found) if found else None


def _numeric_date(m: Match) -> Value:
    numbers = [s.value for s in m.signs if s.letter in "DY"]
    year, rest = (numbers[0], numbers[1:][::-1]) if numbers[0] > 31 else (numbers[2], numbers[:2])
    day, month = rest
    if month > 12 >= day:
        day, month = month, day
    found = _safe(year, month, day)
    return _day(found) if found else None


def _dotted_date(m: Match) -> Value:
    first, month, last = m.value("n")
    day, year = (last, first) if first > 31 else (first, last)
    found = _safe(year, month, day)
    return _day(found) if found else None


def _iso_month(m: Match) -> Value:
    month = m.value("D")
    return _month(m.value("Y"), month) if 1 <= month <= 12 else None


def _month_part(m: Match) -> Value:
    month = m.value("M")
    year = m.year_of(month)
    if year is None:
        return None
    return _part_of_month(m, year, month)


def _part_of_month(m: Match, year: int, month: int) -> Value:
    """The month, its middle or one of its halves."""
    m.context.month = (year, month)
    half = m.value("h")
    if half in ("first_half", "second_half"):
        low, high = month_span(year, month)
        middle = date(year, month, 15)
        return _interval(low, middle) if half == "first_half" else _interval(middle + timedelta(1), high)
    if m.first("m"):
        return _day(date(year, month, 15), approx=True)
    return _month(year, month)


def _months(m: Match) -> Value:
    months = [s.value for s in m.signs if s.letter == "M"]
    first, last = months[0], months[-1]
    end = m.year_of(last)
    if end is None:
        return None
    start = end - 1 if first > last else end
    return f"{start:04d}-{first:02d}/{end:04d}-{last:02d}", date(start, first, 1), month_span(end, last)[1]


def _hijri(m: Match) -> Value:
    published = m.context.published
    day, month, year = m.value("D"), m.value("H"), m.value("I")
    if year is None:
        if published is None or not date(1924, 8, 1) <= published <= date(2077, 11, 16):
            return None
        guess = published.year - 579
        years = [
            y
            for y in range(guess + 1, guess - 3, -1)
            if (s := _hijri_day(y, month, day or 1)) and s <= published
        ]
        year = years[0] if years else None
    start = _hijri_day(year, month, day or 1) if year else None
    if start is None:
        return None
    if day:
        return _day(start)
    after = _hijri_day(year + month // 12, month % 12 + 1, 1)
    return _interval(start, after - timedelta(1)) if after else None


def _hijri_day(year: int, month: int, day: int) -> date | None:
    try:
        found = Hijri(year, month, day).to_gregorian()
        return date(found.year, found.month, found.day)
    except (ValueError, OverflowError):
        return None


def _same_day(m: Match) -> Value:
    """'on the same day': the day named last, else the day of publication."""
    day = m.context.day or m.context.published
    return _day(day) if day else None


def _near_day(m: Match) -> Value:
    published = m.context.published
    if published is None:
        return None
    if m.first("L"):
        return _day(published - timedelta(1))
    for letter, back in (("J", 1), ("Q", 2), ("F", -1)):
        if m.first(letter):
            return _day(published - timedelta(back))
    if m.first("TO") and not m.first("P"):
        return _day(published)
    weekday = m.value("W")
    back = (published.weekday() - weekday) % 7
    if m.first("P") and back == 0:
        back = 7
    if m.first("X"):
        back = back - 7
    return _day(published - timedelta(back))


def _weekday_night(m: Match) -> Value:
    """'the night of Thursday to Friday' is both days; 'after midnight' is the second."""
    if m.value("p") not in ("night", "midnight"):
        return None
    last = _near_day(Match(m.signs[-1:], m.context, m.words))
    if last is None or m.value("p") == "midnight":
        return last
    return _interval(last[1] - timedelta(1), last[1])


def _two_weekdays(m: Match) -> Value:
    """'on Saturday and Sunday'."""
    which = [s for s in m.signs if s.letter in "PCX"]
    days = [_near_day(Match([s, *which], m.context, m.words)) for s in m.all("W")]
    if not days[0] or not days[1]:
        return None
    end = days[1][1]
    return _interval(
        min(days[0][1], end - timedelta(1)) if days[0][1] < end else days[0][1] - timedelta(7), end
    )


def _day_of_known_month(m: Match) -> Value:
    known, published = m.context.month, m.context.published
    if m.first("z") and published:
        before = published.replace(day=1) - timedelta(1)
        known = (before.year, before.month)
    elif published and (known is None or m.first("G")):
        known = (published.year, published.month)
    if not known or (m.first("zG") and not published):
        return None
    days = [_safe(*known, s.value) for s in m.all("DN")]
    if not days[0] or not days[-1]:
        return None
    return _day(days[0]) if len(days) == 1 else _interval(days[0], days[-1])


def _years(m: Match) -> Value:
    """'from 2014 to 2017', 'between 2014 and 2017', '2014-2017'."""
    first, last = (s.value for s in m.all("Y"))
    return (f"{first:04d}/{last:04d}", date(first, 1, 1), date(last, 12, 31)) if first < last else None


def _year_alone(m: Match) -> Value:
    year = m.value("Y")
    half = m.value("h")
    if half:
        first, last = half_or_quarter(half)
        return f"{year}-{first:02d}/{year}-{last:02d}", date(year, first, 1), month_span(year, last)[1]
    return _year(year)


def _seasonal(m: Match) -> Value:
    year, season = m.value("Y"), m.value("E")
    if year is None and m.context.published:
        year = m.context.published.year - (1 if m.first("P") else 0)
    if year is None:
        return None
    first = {21: 3, 22: 6, 23: 9, 24: 12}[season]
    last = month_span(year + (1 if season == 24 else 0), (first + 1) % 12 + 1)[1]
    return f"{year}-{season}", date(year, first, 1), last


def _relative_unit(m: Match) -> Value:
    """'last month', 'this year', 'the past two weeks', 'the last three months'."""
    published, sign = m.context.published, m.first("uoyd")
    if published is None or sign is None:
        return None
    unit, shape = sign.value if sign.letter == "u" else (sign.value, "")
    number = m.value("Dk") or (2 if shape and m.words.is_dual(shape) else None)
    if m.first("X"):
        return None
    plural = bool(shape) and m.words.is_plural(shape)
    if unit == "hour":
        return _interval(published - timedelta(max(1, (number or 1) // 24)), published)
    if unit == "day" and (plural or number):
        if number is None:
            return _month(published.year, published.month)
        return _interval(published - timedelta(number), published - timedelta(1))
    if unit == "week":
        if m.first("C"):
            return _interval(published - timedelta(published.weekday() + 1), published)
        return _interval(published - timedelta(7 * (number or 1)), published - timedelta(1))
    if unit == "month":
        return _relative_months(published, number, plural, bool(m.first("C")), m)
    if unit == "year":
        return _relative_years(published, number, plural, bool(m.first("C")), m)
    return None


def _relative_months(published: date, number: int | None, plural: bool, current: bool, m: Match) -> Value:
    if plural and number is None:
        return None
    if current:
        return _part_of_month(m, published.year, published.month)
    end = published.replace(day=1) - timedelta(1)
    if number is None:
        return _part_of_month(m, end.year, end.month)
    start = _months_before(published, number)
    return f"{start.year:04d}-{start.month:02d}/{end.year:04d}-{end.month:02d}", start, end


def _months_before(day: date, number: int) -> date:
    total = day.year * 12 + day.month - 1 - min(number, 1200)
    return date(max(1, total // 12), total % 12 + 1, 1)


def _relative_years(published: date, number: int | None, plural: bool, current: bool, m: Match) -> Value:
    if plural and number is None:
        return None
    half = m.value("h")
    year = published.year if current else published.year - 1
    if half:
        first, last = half_or_quarter(half)
        return f"{year}-{first:02d}/{year}-{last:02d}", date(year, first, 1), month_span(year, last)[1]
    if number and number > 1:
        start, end = max(1, published.year - number), published.year - 1
        return f"{start:04d}/{end:04d}", date(start, 1, 1), date(end, 12, 31)
    return _year(year)


def _ago(m: Match) -> Value:
    """'two days ago', 'days ago', 'a week ago', 'a year ago'."""
    published, sign = m.context.published, m.first("uoyd")
    if published is None or sign is None:
        return None
    unit, shape = sign.value if sign.letter == "u" else (sign.value, "")
    dual = bool(shape) and m.words.is_dual(shape)
    plural = bool(shape) and m.words.is_plural(shape)
    number = m.value("Dk") or (2 if dual else None if plural or m.first("q") else 1)
    if unit == "hour":
        return _day(published)
    if number is None or number > 3000:
        return _month(published.year, published.month) if unit in ("day", "week") and number is None else None
    if unit == "day":
        return _day(published - timedelta(number))
    if unit == "week":
        return _day(published - timedelta(7 * number), approx=True)
    if unit == "month":
        start = _months_before(published, number)
        return _month(start.year, start.month)
    return _year(max(1, published.year - number))


def _so_far(m: Match) -> Value:
    """'(since) the beginning of the year', of the month, of the week: all of it, or the week so far."""
    published, sign = m.context.published, m.first("uoy")
    if published is None or sign is None:
        return None
    unit = sign.value[0] if sign.letter == "u" else sign.value
    if unit == "week":
        return _interval(published - timedelta((published.weekday() + 1) % 7), published)
    if unit == "month":
        return _month(published.year, published.month)
    return _year(published.year) if unit == "year" else None


def _end_of_week(m: Match) -> Value:
    published, sign = m.context.published, m.first("u")
    if published is None or sign is None or sign.value[0] != "week":
        return None
    return _interval(published - timedelta(7), published - timedelta(1))


def _days_after(m: Match) -> Value:
    """'two days after the killing of ...': the killing lies that far before the day named last."""
    base = m.context.recent()
    back = Match(m.signs, Context(base, m.context.month, m.context.day), m.words)
    if base is None or (m.first("u") and m.value("u")[0] == "hour"):
        return None
    if m.first("g"):
        return _day(base - timedelta(1))
    return _ago(back)


def _days_before(m: Match) -> Value:
    """'before the shelling by three days', counted from the day named last."""
    between = m.first(".")
    if between is None or between.end - between.start > 2:
        return None
    return _days_after(m)


def _days_of_month(m: Match) -> Value:
    """'from 6 to 12 February'; with 'and' only after 'between'."""
    if m.first("w") and not m.first("fB"):
        return None
    days = [s.value for s in m.signs if s.letter in "DN"]
    month = m.value("M")
    year = m.year_of(month, days[1])
    low, high = _safe(year, month, days[0]), _safe(year, month, days[1])
    return _interval(low, high) if low and high else None


def _part_of_day(m: Match) -> Value:
    return None


Result = Callable[[Match], Value]
_HEAD = "(?:pd?)?"
_LEAD = f"(?:{_HEAD}{_DAYWORD},?\\(?b?f?)?"
_NEAR = f"(?:[LO](?:d?W)?|{_HEAD}(?:[TJQF]d?W?|d?W{_WHICH}?))p?"
RULES: list[tuple[str, str, Result]] = [
    ("day, month and year", f"{_LEAD}p?[DkN]f?o?{_MONTH}{_YEAR}{_WHICH}?", _full_date),
    ("numeric date", f"{_LEAD}(?:D/D/Y|Y/D/D|D-D-Y|Y-D-D)", _numeric_date),
    ("numeric date", f"{_LEAD}n", _dotted_date),
    ("days of a month", f"[fB]?[DN](?:t|w|-)[DN]f?o?{_MONTH}{_YEAR}?{_WHICH}?", _days_of_month),
    ("day and month", f"{_LEAD}p?[DkN]f?o?{_MONTH}{_WHICH}?(?:fy[PCX])?", _full_date),
    ("Hijri date", f"{_LEAD}D?f?o?HI", _hijri),
    ("Hijri day and month", f"{_LEAD}Df?o?H{_WHICH}?", _hijri),
    ("night between two weekdays", "pd?W[-/]?d?W", _weekday_night),
    ("two weekdays", f"BWw?W{_WHICH}?", _two_weekdays),
    ("weekday or near day with time of day", _NEAR, _near_day),
    ("day of the month named before", "(?:(?:f[DN][tw]|[DN][t-])[DN]|D)[szG]", _day_of_known_month),
    ("years", "(?:fy?Y[tw]|y?Yt|Y-)y?Y", _years),
    ("two months", f"o?{_MONTH}M{_YEAR}?{_WHICH}?", _months),
    ("month and year", f"[emlh]?f?o?{_MONTH}{_YEAR}{_WHICH}?", _month_part),
    ("month alone", f"[emlh]?f?o?{_MONTH}{_WHICH}?(?:fy[PCX])?", _month_part),
    ("Hijri month", f"[eml]?oH{_WHICH}?", _hijri),
    ("season", f"E(?:f?y?Y|{_WHICH})", _seasonal),
    ("half, quarter or part of a year", "[emlh]?f?y[PC]?Y", _year_alone),
    ("part of a year", "[emlh]Y", _year_alone),
    ("days after the event", "a(?:q?[uoyd]|[Dk][uoyd]|[uoyd][Dk])[vf]|g", _days_after),
    ("days before the event", r"A\.[Dk][uoyd]", _days_before),
    ("distance back", "Ar?(?:q?[uoyd]|[Dk][uoyd])", _ago),
    ("since a distance back", "(?<=S)r?(?:q?[uoyd]|[Dk][uoyd])(?![YPCX])", _ago),
    ("since the beginning", "(?<=S)e[uoy](?![YPCX])", _so_far),
    ("period back", f"[emlh]?f?(?:[Dk]?[uoyd][Dk]?{_WHICH}|C[uoyd](?!Y)|[uoyd][Dk]{_WHICH})", _relative_unit),
    ("end of the week", "(?<![St])lu(?![YPCX])", _end_of_week),
    ("same day", "Z", _same_day),
    ("bare year", "Y", _year_alone),
    ("time of day", "p", _part_of_day),
]  # fmt: skip
_NO_START = r"(?![.,/()\-wtvSUKPXszG])"
_PATTERN = re.compile(
    _NO_START + "(?:" + "|".join(f"(?P<r{i}>{pattern})" for i, (_, pattern, _) in enumerate(RULES)) + ")"
)


class Dates:
    """The date grammar over the words of `data/dates.yaml`."""

    def __init__(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        self._words = DateWords(data, numbers)

    def read(self, words: list[str], published: date | None) -> list[DateRef]:
        """Every date of the text, in order; dates of one interval are joined."""
        context = Context(published)
        signs = self._words.signs(words)
        classes = "".join(s.letter for s in signs)
        found: list[DateRef] = []
        for match in _PATTERN.finditer(classes):
            ref = self._ref(match, signs, context, words)
            if ref:
                found.append(ref)
        return _join(found, words, self._words, published)

    def _ref(
        self, match: re.Match[str], signs: list[Sign], context: Context, words: list[str]
    ) -> DateRef | None:
        name, _, result = RULES[int((match.lastgroup or "r0")[1:])]
        part = signs[match.start() : match.end()]
        if name == "bare year" and not self._year_stands(words, part[0].start):
            return None
        if name == "weekday or near day with time of day" and not _is_near(part):
            return None
        value = result(Match(part, context, self._words))
        if value and value[1] == value[2]:
            context.day = value[1]
        time = next((str(s.value) for s in part if s.letter == "p"), None)
        time = "night" if time == "midnight" else time
        time = time or ("night" if any(s.letter in "LO" for s in part) else None)
        before = signs[match.start() - 1] if match.start() else None
        after = signs[match.end()] if match.end() < len(signs) else None
        open_start = before is not None and before.letter == "S" and name != "years"
        since = open_start or (after is not None and after.letter == "U")
        if value is None and not time:
            return None
        edtf, low, high = value or (None, None, None)
        told = name in ("day, month and year", "numeric date", "month and year", "bare year", "Hijri date")
        return DateRef(part[0].start, part[-1].end, edtf, low, high, name, since, time, inferred=not told)

    def _year_stands(self, words: list[str], at: int) -> bool:
        """A bare four-digit number is a year after 'in', 'since' and the like."""
        return at > 0 and (
            words[at - 1] in self._words.before_year or words[at - 1][1:] in self._words.before_year
        )


def _is_near(part: list[Sign]) -> bool:
    """'evening' alone is a time of day; a weekday needs its article, which the data gives it."""
    return any(s.letter in "TJQFWLO" for s in part)


def _join(refs: list[DateRef], words: list[str], known: DateWords, published: date | None) -> list[DateRef]:
    """Two dates with 'until' between them are one interval; 'since ... until today' stays open."""
    out: list[DateRef] = []
    for ref in refs:
        before = out[-1] if out else None
        if before and _is_interval(before, ref, words, known):
            low, high = (before.edtf or "").rstrip("~"), (ref.edtf or "").rstrip("~")
            out[-1] = replace(before, end=ref.end, edtf=f"{low}/{high}", high=ref.high, since=False)
        else:
            out.append(ref)
    return out


def _is_interval(before: DateRef, ref: DateRef, words: list[str], known: DateWords) -> bool:
    if not (before.low and ref.high and before.edtf and ref.edtf and 0 <= ref.start - before.end <= 2):
        return False
    if before.low > ref.high or "/" in before.edtf or "/" in ref.edtf:
        return False
    link = words[before.end]
    if link in known.until or link[1:] in known.until:
        return True
    attached = ref.start == before.end and words[ref.start][:1] in known.conjunctions
    alone = ref.start == before.end + 1 and link in known.conjunctions
    opens = any(word in known.between for word in words[max(0, before.start - 1) : before.start + 1])
    return (attached or alone) and opens
