from tests.interop.logs import asked  # noqa: F401 - a fixture of the tests in this folder
