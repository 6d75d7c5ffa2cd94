"""Those of allauth's views that are needed, by the names it looks for. Sign-up, reset by e-mail, addresses,
trusted browsers, downloads of codes and lists of connections are left out on purpose."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import path

from fairnotice.accounts import linking, session_views, views

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("login/passkey/", views.ByPasskey.as_view(), name="mfa_login_webauthn"),
    path("login/second/", views.Second.as_view(), name="mfa_authenticate"),
    path("login/<str:provider_id>/", linking.go, name="openid_connect_login"),
    path("login/<str:provider_id>/back/", linking.back, name="openid_connect_callback"),
    path("logout/", account.logout, name="account_logout"),
    path("password/", views.ChangePassword.as_view(), name="account_change_password"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("again/passkey/", views.PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("safety/", views.Overview.as_view(), name="mfa_index"),
    path("safety/app/", views.AddApp.as_view(), name="mfa_activate_totp"),
    path("safety/app/code.svg", views.picture, name="account-totp-picture"),
    path("safety/app/remove/", views.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("safety/passkey/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("safety/passkey/<int:pk>/remove/", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("safety/codes/", views.Codes.as_view(), name="mfa_view_recovery_codes"),
    path("safety/codes/new/", views.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("safety/unlink/<str:provider_id>/", linking.unlink_page, name="account-unlink"),
    path("safety/stop/<str:ref>/", session_views.stop_change, name="account-change-stop"),
    path("signed-in/", session_views.listed, name="account-sign-ins"),
    path("signed-in/end/", session_views.end, name="account-sign-in-end"),
]
