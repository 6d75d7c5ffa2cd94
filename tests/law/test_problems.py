"""The choices of the form: every one leads into the taxonomy, and the careful ones stay careful."""

import json
from pathlib import Path

import pytest

from fairnotice.law import problems, taxonomy
from fairnotice.law.problems import PROBLEM_BY_SLUG, PROBLEMS, problem_for_xarf

SAMPLES = sorted((Path(__file__).parents[3] / "shared" / "data" / "xarf-v4").glob("*.json"))


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.slug)
def test_every_choice_leads_into_the_taxonomy(problem):
    assert problem.category in taxonomy.CATEGORIES
    if problem.keyword is not None:
        assert problem.keyword in taxonomy.KEYWORDS[problem.category]
    assert problem.flags <= problems.FLAGS
    assert problem.label
    assert problem.hint


def test_slugs_are_unique_and_the_catch_all_stands_last():
    assert len(PROBLEM_BY_SLUG) == len(PROBLEMS)
    assert PROBLEMS[-1].slug == "other"


def test_nobody_is_asked_who_they_are_about_sexual_abuse_of_a_child():
    """DSA article 16(2)(c)."""
    for problem in PROBLEMS:
        about_child = problem.keyword in (
            "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL",
            "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE",
            "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS",
        )
        assert about_child == (problems.NO_CONTACT in problem.flags)
        assert about_child == (problems.MINORS in problem.flags)


def test_no_files_where_a_file_would_repeat_the_harm():
    for problem in PROBLEMS:
        if problem.flags & {problems.INTIMATE, problems.MINORS}:
            assert problems.NO_FILES in problem.flags


@pytest.mark.parametrize("slug", ["threat", "self-harm", "terrorism", "child-approached"])
def test_what_may_cost_a_life_is_marked(slug):
    assert problems.LIFE in PROBLEM_BY_SLUG[slug].flags


def test_the_service_itself_is_told_last_when_somebody_there_is_involved():
    assert problems.SKIP_OPERATOR in PROBLEM_BY_SLUG["involved"].flags


@pytest.mark.parametrize(
    ("category", "kind", "slug"),
    [
        ("content", "phishing", "phishing"),
        ("content", "fraud", "scam"),
        ("content", "csam", "child-abuse"),
        ("content", "csem", "child-abuse"),
        ("content", "exposed-data", "privacy"),
        ("Content", " brand_infringement ", "trademark"),
        ("copyright", "ugc_platform", "copyright"),
        ("copyright", "usenet", "copyright"),
        ("vulnerability", "open_service", "other"),
        ("", "", "other"),
    ],
)
def test_machine_reports_meet_the_same_choices(category, kind, slug):
    assert problem_for_xarf(category, kind).slug == slug


def test_no_official_sample_about_content_or_copyright_ends_in_other_by_oversight():
    for sample in SAMPLES:  # present beside the checkout only; the cases above need no file
        report = json.loads(sample.read_text())
        problem = problem_for_xarf(report["category"], report["type"])
        expected_other = report["category"] not in ("content", "copyright")
        if report["type"] != "remote_compromise":  # a break-in into a machine, not a kind of content
            assert (problem.slug == "other") == expected_other, sample.name
