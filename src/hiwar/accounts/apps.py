from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Ground floor: tells common the names of users and the wording of its verbs."""

    name = "hiwar.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register names, verbs and the lines of the desk's menu."""
        from django.utils.translation import pgettext_lazy

        from hiwar.accounts import desk, queries
        from hiwar.accounts.desk import danger, letters
        from hiwar.accounts.desk.jobs import risks
        from hiwar.accounts.desk.security import look_at_doors, look_at_people, look_at_sign_ins
        from hiwar.common import navigation
        from hiwar.common.health.findings import register_look
        from hiwar.common.health.keys import names_of_keys
        from hiwar.common.links.purposes import Purpose, hide_paths_under, register
        from hiwar.common.moving.parts import SECRET_KEYS, keep_sealed, keep_secret
        from hiwar.common.post import register_purpose
        from hiwar.common.queries import register_names, register_verbs

        register_look("people", look_at_people)
        register_look("pause", danger.look_at_pause)
        register_look("doors", look_at_doors)
        register_look("sign-ins", look_at_sign_ins)
        register_names("accounts.user", queries.names_of_users)
        register_names("accounts.role", queries.names_of_roles)
        register_names("accounts.invitation", queries.names_of_invitations)
        register_names("accounts.institution", queries.names_of_institutions)
        register_names("common.key", names_of_keys)
        register_names("common.vocabularyentry", queries.names_of_vocabulary_entries)
        register_verbs(queries.VERBS)
        register(
            Purpose(
                queries.INVITATION,
                "accounts:accept",
                "/desk/invitation/",
                find=queries.invitation_behind,
                language=queries.language_of_invitation,
                is_for_staff=True,
                label=pgettext_lazy("private links", "Invitations to an account"),
                desk="accounts:staff",
            )
        )
        hide_paths_under("/desk/sign-in/new-password/")
        keep_secret("accounts.User.password")
        keep_sealed(
            SECRET_KEYS,
            "accounts.AuthenticatorApp",
            "accounts.Passkey",
            "accounts.PauseCode",
            "accounts.RecoveryCode",
        )
        navigation.register(*desk.MENU)
        navigation.register_risks(danger.risks)
        navigation.register_risks(risks)
        navigation.register_first_steps(*desk.FIRST_STEPS)
        register_purpose(*letters.PURPOSES)
