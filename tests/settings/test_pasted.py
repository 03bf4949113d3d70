"""Keys and addresses as people paste them."""

import pytest

from comet_magic.settings.key import ApiKey
from comet_magic.settings.kinds import check_base_url

KEY = "sk-canary-0123456789"
URL = "https://a.example/v1"


@pytest.mark.parametrize(
    "text",
    [
        "COMETAPI_KEY={}", 'export COMETAPI_KEY="{}"', "COMETAPI_KEY = '{}'", "COMETAPI_KEY: {}",
        "set COMETAPI_KEY={}", 'setx COMETAPI_KEY "{}"', '$env:COMETAPI_KEY = "{}"',
        "%env COMETAPI_KEY={}", "%env COMETAPI_KEY {}", 'os.environ["COMETAPI_KEY"] = "{}"',
        "OPENAI_API_KEY={};", 'api_key="{}",', '"api_key": "{}",', "key={}", "API Key: {}",
        "Bearer {}", "bearer  {}\r\n", "Authorization: Bearer {}", "Authorization:Bearer {}",
        '"Authorization": "Bearer {}"', '-H "Authorization: Bearer {}"', "x-api-key: {}",
        'COMETAPI_KEY="Bearer {}"', '"{}"', "'{}'", "`{}`", "“{}”", "<{}>", "{}\n", "\r\n{}\r\n",
        "\u200b{}\u200b", "{}\xa0", "\u3000{}", "\ufeff{}", "{}\u2060", "\u202a{}\u202c",
    ],
)  # fmt: skip
def test_a_key_is_found_in_what_was_pasted(text: str) -> None:
    """Without its variable, quotes, `Bearer`, line ends and what nobody can see."""
    assert ApiKey(text.format(KEY), "the test").header() == f"Bearer {KEY}"


def test_an_unseen_character_within_a_key_is_left_out() -> None:
    """Web pages put zero-width spaces where a line may break."""
    assert ApiKey(f"{KEY[:9]}\u200b{KEY[9:]}", "x").header() == f"Bearer {KEY}"


@pytest.mark.parametrize("key", ["abc==", "id:secret", "id.secret", "a/b+c=", "a=b", "none"])
def test_a_key_of_another_form_stays_as_it_is(key: str) -> None:
    """Nothing is cut off what does not look like a variable or a header."""
    assert ApiKey(key, "x").header() == f"Bearer {key}"


@pytest.mark.parametrize(
    "text",
    [
        "export COMETAPI_KEY={} # mine", "{0} {0}", "{0}\n{0}", "COMETAPI_KEY={0}\nOTHER_KEY={0}",
        "curl -H 'Authorization: Bearer {}'", "my {}", '{}"x', "{}…", "{}\\n", "sk-\u0430{}",
    ],
)  # fmt: skip
def test_other_text_around_a_key_is_refused(text: str) -> None:
    """In one line that names the source and never shows the key."""
    with pytest.raises(ValueError, match="the key from COMETAPI_KEY has") as caught:
        ApiKey(text.format(KEY), "COMETAPI_KEY")
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["Bearer", "Bearer ", "COMETAPI_KEY=", '""', "Authorization: Bearer"]
)
def test_words_around_no_key_are_refused(text: str) -> None:
    """They would be sent, or be taken for the wish to have the demo."""
    with pytest.raises(ValueError, match="or is only words around a key"):
        ApiKey(text, "x")


@pytest.mark.parametrize("text", ["", "  ", "\n", "\ufeff", " \u200b "])
def test_blank_is_no_key(text: str) -> None:
    """A variable that is set to nothing is not set."""
    assert not ApiKey(text, "x")


def test_keys_compare_and_do_not_show() -> None:
    """Lists are kept by key; a repr shows none."""
    assert ApiKey("a-1", "x") == ApiKey(" a-1", "y")
    assert ApiKey("a-1", "x") != ApiKey("a-2", "x")
    assert ApiKey("a-1", "x") != "a-1"
    assert len({ApiKey("a-1", "x"), ApiKey("a-1", "y"), ApiKey("a-2", "x")}) == 2


@pytest.mark.parametrize(
    "text",
    [
        "{}#", "{}?", "{}?#", "{}/#", "{}//", " {} ", '"{}"', "'{}',", "<{}>", "“{}”", "{}\xa0",
        "\u200b{}\n", "{}/models", "{}/models/", "{}/chat/completions", "{}/chat/completions#",
        "{}/completions/", "{}/images/generations", "{}/responses", "{}/embeddings?",
        "COMETAPI_BASE_URL={}", 'export COMETAPI_BASE_URL="{}"', 'base_url="{}",',
        '"base_url": "{}"', "%env COMETAPI_BASE_URL={}",
    ],
)  # fmt: skip
def test_an_address_is_found_in_what_was_pasted(text: str) -> None:
    """Without marks behind it, quotes, its variable, and the path of a method."""
    assert check_base_url(text.format(URL)) == URL


@pytest.mark.parametrize(
    "url",
    [
        "https://a.services.example/models", "https://a.example/v1beta", "http://[::1]:8000/v1",
        "https://a.example/my-models", "https://a.example/v1/deployments/x",
    ],
)  # fmt: skip
def test_other_addresses_stay_as_they_are(url: str) -> None:
    """A path that ends with `models` is a base, unless a version stands before it."""
    assert check_base_url(url) == url


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://a.example/v1?x=1", "no user name, password, ? or #"),
        ("https://a.example/v1#/x", "no user name, password, ? or #"),
        ("https://u:p-4711@a.example/v1", "no user name, password, ? or #"),
        ("https://@a.example/v1", "no user name, password, ? or #"),
        ("a.example/v1", "'a.example/v1' must start with https://"),
        ("localhost:8000/v1", "'localhost:8000/v1' must start with https://"),
        ("//a.example/v1", "must start with https://"),
        ("https//a.example/v1", "must start with https://"),
        ("https:/a.example/v1", "must start with https://"),
        ("https:\\\\a.example", "must start with https://"),
        ("https://https://a.example/v1", "must start with https://"),
        ("https://a.example /v1", "must start with https://"),
        ('https://a"b.example/v1', "must start with https://"),
        ("https://a.example/v1\nhttps://b.example", "must start with https://"),
        ("[x](https://a.example)", "must start with https://"),
        ("http://a.example:99999", "must start with https://"),
        ("https://[::1/v1", "must start with https://"),
        ("https://.", "must start with https://"),
        ("wss://a.example", "must start with https://"),
    ],
)
def test_what_is_no_address_is_refused(url: str, says: str) -> None:
    """In one clear line."""
    with pytest.raises(ValueError, match="the base URL") as caught:
        check_base_url(url)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "4711" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        KEY, f"Bearer {KEY}", f"COMETAPI_KEY={KEY}", f"{URL}?key={KEY}", f"https://{KEY}@a.example",
        f"https://u:{KEY}@a b.example", f"https://a.example:x/v1?key={KEY}", f"{KEY}.def",
        f"{KEY}/def+x", f"http://a.example:x/#{KEY}",
    ],
)  # fmt: skip
def test_a_key_in_an_address_is_not_shown(text: str) -> None:
    """Whatever else is wrong with it."""
    with pytest.raises(ValueError, match="the base URL") as caught:
        check_base_url(text)
    assert KEY not in str(caught.value)
