"""What the published client concludes of a server: one line a question."""

import os
import sys

import omise

omise.api_main = os.environ["PROVISO_TARGET"]
omise.api_version = "2019-05-29"


def conclude(question, ask):
    try:
        print(f"{question}: {ask()}")
    except Exception as error:  # what is raised is the conclusion
        print(f"{question}: {type(error).__name__}")


def link(identifier):
    return omise.Link.from_data({"object": "link", "id": identifier})


def create(key):
    request = omise.Request(key, omise.api_main, omise.api_version)
    fields = {"amount": 10000, "currency": "thb", "title": "t", "description": "d"}
    return request.send("post", ["links"], fields)["id"]


secret = os.environ["OMISE_SECRET_KEY"]
omise.api_secret = secret
made = create(secret)
conclude("retrieve", lambda: omise.Link.retrieve(made).object)
conclude("destroy", lambda: "destroyed" if link(made).destroy().destroyed else "still there")
conclude("again", lambda: link(made).destroy())
conclude("unknown", lambda: omise.Link.retrieve("link_test_0000000000000000000").id)
omise.api_secret = "skey_test_0000000000000000000"
conclude("wrong key", lambda: omise.Link.retrieve(made).id)
omise.api_secret = os.environ["OMISE_PUBLIC_KEY"]
conclude("public key", lambda: omise.Link.retrieve(made).id)
sys.stdout.flush()
