"""The folder that tests hand to programs is one that the program accepts."""

from __future__ import annotations

from tests.conftest import DataFolder


def test_the_program_starts_on_a_copied_folder_and_signs_with_a_lasting_secret(
    data_folder: DataFolder,
) -> None:
    program = (
        "from fairnotice.site import setup; setup.prepare(); "
        "from django.conf import settings; print(settings.FN_DATA, settings.SECRET_KEY)"
    )
    first, second = data_folder.run("-c", program), data_folder.run("-c", program)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith(str(data_folder.path))
    assert first.stdout == second.stdout
