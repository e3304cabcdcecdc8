"""No URLs: what a request without a surface may reach."""

urlpatterns: list[object] = []
