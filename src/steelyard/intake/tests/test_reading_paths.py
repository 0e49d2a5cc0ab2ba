"""The fast way and the strict way read the same table, whatever the file."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from steelyard.calc.errors import Refused
from steelyard.intake.reading.delimited import read_delimited
from steelyard.intake.reading.table import Dialect
from tests.thoroughness import examples

cells = st.one_of(
    st.text(st.sampled_from("ab1,;\"\n \t.é€\r'|"), max_size=6),
    st.sampled_from(["", '"', '""', '"a"', "a,b", '"a,b"', '"x\ny"', '"q""r"', "\x00"]),
)
line_ends = st.sampled_from(["\n", "\r\n", "\r"])


def outcome(data, **options):
    try:
        table = read_delimited(data, "file.csv", Dialect(separator=","), **options)
    except Refused as refused:
        return [problem.code for problem in refused.problems]
    return table.headers, table.frame.rows(), table.source_rows.to_list(), table.unreadable


@st.composite
def files(draw):
    """Files that are mostly well formed, with cells that are quoted rightly, wrongly or not at all."""
    width = draw(st.integers(2, 4))
    end = draw(line_ends)
    rows = draw(st.lists(st.lists(cells, min_size=width - 1, max_size=width + 1), min_size=1, max_size=8))
    quote = draw(st.sampled_from(["never", "always", "rightly"]))

    def written(cell):
        if quote == "always" or (quote == "rightly" and any(mark in cell for mark in ',"\n\r')):
            return '"' + cell.replace('"', '""') + '"'
        return cell

    lines = [",".join("hgfedc"[:width]), *(",".join(map(written, row)) for row in rows)]
    body = end.join(lines) + draw(st.sampled_from(["", end, end + end]))
    data = body.encode()
    if draw(st.booleans()):
        place = draw(st.integers(0, len(data)))
        data = data[:place] + draw(st.sampled_from([b"\xff", b"", b"\xc3"])) + data[place:]
    return data


@settings(max_examples=examples(250), deadline=None)
@given(files())
@example(b'h,g\r\n"a\r\nb",c\r\n\r\n1,2\r\n')
@example(b"h,g\n\n\n1\n,\n")
@example(b'h,g\n1,"a\xff"\n2,3\n')
@example(b'h,g\n"a"b,c\n')
@example(b'h,g\n"a,c\n1,2\n')
@example(b"h,g\n \n1,2\n")
def test_both_ways_give_the_same_table(data):
    assert outcome(data) == outcome(data, quick=False)
