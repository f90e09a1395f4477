from hypothesis import given, settings

from tests.tickers.hostile import Said, examine_tags, repeated


@settings(max_examples=200)
@given(repeated())
def test_what_is_found_stands_in_the_text_whatever_it_repeats(said: Said) -> None:
    examine_tags(said, 2_000)
