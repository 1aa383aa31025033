"""Builds container images from the Dockerfile of a GitHub repository."""

import base64
import json
import urllib.request

DOCKERFILE = "Dockerfile"


class BuildError(Exception):
    """The build could not be started."""


class Github:
    """A small client for the contents API."""

    base_url = "https://api.github.com"

    def __init__(self, access_token=None):
        self.access_token = access_token

    def contents(self, repository, path, ref):
        request = urllib.request.Request(
            f"{self.base_url}/repos/{repository}/contents/{path}?ref={ref}",
            headers={"Accept": "application/vnd.github+json"},
        )
        if self.access_token:
            request.add_header("Authorization", f"token {self.access_token}")
        with urllib.request.urlopen(request) as response:
            return json.load(response)


def _fetch_github_file(
    github_repository="owner/repo",
    ref="main",
    access_token=None,
    filename=DOCKERFILE,
):
    client = Github(access_token)
    answer = client.contents(github_repository, filename, ref)
    if answer.get("encoding") != "base64":
        raise BuildError(f"{filename} has no readable content")
    return base64.b64decode(answer["content"]).decode()


def build_image(application, release, registry="registry.internal:5000", *, timeout=600):
    dockerfile = _fetch_github_file(application.github_repository, ref=release.commit_sha)
    tag = f"{registry}/{application.slug}:{release.version}"
    return {"tag": tag, "dockerfile": dockerfile, "timeout": timeout}
