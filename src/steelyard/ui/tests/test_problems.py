"""What a refusal looks like: a page with its status, what was typed, and nothing that tells more than it should."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from steelyard.calc.errors import Conflict, Missing, Problem, Refused
from steelyard.ui import problems

PROBLEM = Problem("bad", "this is wrong", "name", "<script>", "write it otherwise")


def asked(path="/partners/X", *, post=None):
    request = RequestFactory().post(path, post) if post is not None else RequestFactory().get(path)
    request.user = AnonymousUser()
    return request


def raised(exception, request):
    return problems.told(lambda request: None).process_exception(request, exception)


@pytest.mark.parametrize(("exception", "status"), [(Missing(), 404), (Conflict(PROBLEM), 409), (Refused(PROBLEM), 422)])
def test_a_refusal_is_a_page_with_its_status(exception, status):
    assert raised(exception, asked()).status_code == status


def test_any_other_exception_goes_on():
    assert raised(ValueError("x"), asked()) is None


def test_what_is_not_there_and_what_is_somebody_elses_look_the_same_to_the_byte():
    pages = {problems.missing(asked(path)).content for path in ("/partners/ALP", "/partners/NONE?q=1", "/nothing")}
    assert len(pages) == 1


def test_a_refused_form_gives_back_what_was_typed_but_no_secret():
    form = {"name": "Alp<ine", "password": "weigh-what", "csrfmiddlewaretoken": "abc"}
    page = raised(Refused(PROBLEM), asked(post=form)).content.decode()
    assert "Alp&lt;ine" in page and "&lt;script&gt;" in page and "<script>" not in page.replace('<script type="module"', "")
    assert "weigh-what" not in page and 'value="abc"' not in page


def test_a_form_with_an_old_token_offers_what_was_typed_and_nothing_to_send_by_one_click():
    page = problems.unproven(asked(post={"note": "long text"})).content.decode()
    assert "long text" in page and page.count("<form") == page.count('action="/language"') + page.count('method="dialog"')


def test_our_own_fault_has_a_reference_that_the_log_has_too(capsys, caplog):
    response = problems.failed(asked())
    assert response.status_code == 500
    reference = response.content.decode().split('<b class="id">')[1].split("<")[0]
    assert reference in capsys.readouterr().out + caplog.text
