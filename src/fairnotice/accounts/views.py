"""allauth's views with what our pages need, and the page of what keeps an account safe."""

from __future__ import annotations

import json
from typing import Any, cast

from allauth.account.views import LoginView, PasswordChangeView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fairnotice.accounts import linking, second_factor, sign_ins
from fairnotice.accounts.forms import waiting_secret
from fairnotice.accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The account that asks; the middleware let nobody else through."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user


def _options(context: dict[str, Any], key: str) -> str:
    """What the script hands to the browser, as JSON for an attribute; bytes are base64url by then."""
    return json.dumps(context["js_data"][key], cls=DjangoJSONEncoder)


class SignIn(LoginView):
    """Sign-in by password; and the ways to do it without one, where there are any."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {"providers": linking.providers(), "passkeys": second_factor.passkeys_here(self.request)}
        return {**super().get_context_data(**kwargs), **more}


class ByPasskey(LoginWebAuthnView):
    """Sign-in by passkey: GET gives the script a challenge, POST takes the answer."""


class Second(AuthenticateView):
    """The second step of signing in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.stage.login.user
        kinds = set(user.authenticator_set.values_list("type", flat=True))
        here = "webauthn" in kinds and second_factor.passkeys_here(self.request)
        context["passkeys"], context["codes"] = here, bool(kinds & {"totp", "recovery_codes"})
        context["options"] = _options(context, "request_options") if "js_data" in context else ""
        return context


class PasskeyAgain(ReauthenticateWebAuthnView):
    """A passkey, before something that matters."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "options": _options(context, "request_options")}

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Say so on the page itself."""
        return cast(HttpResponse, self.render_to_response(self.get_context_data(form=form)))


class ChangePassword(PasswordChangeView):
    """A new password ends all other sign-ins of the account."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever has none, and came by an identity provider, gets one from an administrator."""
        if not signed_in(request).has_usable_password():
            messages.info(request, _("This account has no password. An administrator can give it one."))
            return redirect("mfa_index")
        return cast(HttpResponseBase, super().dispatch(request, *args, **kwargs))

    def form_valid(self, form: BaseForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        user = signed_in(self.request)
        sign_ins.end_others(user=user, keep=sign_ins.here(self.request))
        return answer


class Overview(IndexView):
    """mfa_index: passkeys, app, recovery codes, providers; and whether one has to be set up first."""

    template_name = "mfa/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user, kinds = signed_in(self.request), context["authenticators"]
        context["app"], context["codes"] = kinds.get("totp"), kinds.get("recovery_codes")
        context["keys"] = kinds.get("webauthn", [])
        linked = linking.linked(user)
        context["providers"] = [{**one, "linked": one["name"] in linked} for one in linking.providers()]
        context["missing"] = second_factor.missing(user)
        context["passkeys"] = second_factor.passkeys_here(self.request)
        context["passkey_host"] = second_factor.passkey_host()
        context["proposals"] = user.proposals.filter(state="open", due_at__isnull=False).order_by("due_at")
        return context


class AddApp(ActivateTOTPView):
    """mfa_activate_totp: an app that makes codes (RFC 6238)."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super(ActivateTOTPView, self).get_context_data(**kwargs)
        secret = context["form"].secret
        context["groups"] = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        return context

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Whoever else is signed in with the password alone is not, from now on."""
        answer: HttpResponse = super().form_valid(form)
        sign_ins.end_others(user=signed_in(self.request), keep=sign_ins.here(self.request))
        return answer


class RemoveApp(DeactivateTOTPView):
    """mfa_deactivate_totp."""


@require_GET
def picture(request: HttpRequest) -> HttpResponse:
    """GET account-totp-picture: the secret that waits in the session, for a camera (QR code, SVG). A file of
    ours, so that the content security policy needs no exception; nothing keeps it."""
    secret = waiting_secret(request)
    if not secret:
        raise Http404
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(signed_in(request), secret))
    return HttpResponse(svg, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


class AddPasskey(AddWebAuthnView):
    """mfa_add_webauthn: always one that signs in by itself, kept by the device and asking for its owner."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super(AddWebAuthnView, self).get_context_data(**kwargs)
        context["passkeys"] = second_factor.passkeys_here(self.request)
        if context["passkeys"]:
            context["js_data"] = {
                "creation_options": webauthn.begin_registration(signed_in(self.request), passwordless=True)
            }
            context["options"] = _options(context, "creation_options")
        return context

    def form_valid(self, form: BaseForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        sign_ins.end_others(user=signed_in(self.request), keep=sign_ins.here(self.request))
        return answer


class RemovePasskey(RemoveWebAuthnView):
    """mfa_remove_webauthn; not the last second factor of somebody who needs one."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: BaseForm) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.object):
            form.add_error(None, str(get_adapter().error_messages["cannot_delete_authenticator"]))
            return cast(HttpResponse, self.render_to_response(self.get_context_data(form=form)))
        answer: HttpResponse = super().form_valid(form)
        return answer


class Codes(ViewRecoveryCodesView):
    """mfa_view_recovery_codes: shown once."""


class NewCodes(GenerateRecoveryCodesView):
    """mfa_generate_recovery_codes: the old ones stop working."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return redirect(reverse("mfa_index"))
