"""Trial."""
from tests.server.stack import Stack

def test_up(stack: Stack) -> None:
    v = stack.visitor("sevan.towns.example")
    a = v.get("/")
    print(a.status, a.headers)
    assert a.status == 200
