"""Changes as they happen, from a change that this program makes itself. The token makes a later run go on behind the
last change that was seen."""

import asyncio

import folio
from folio import v1


async def main():
    async with folio.AsyncClient() as client:
        await client.accounts.update_account(
            account={"name": "accounts/watched-sample", "display_name": "Watched"}, allow_missing=True)
        changes = client.watch(collections=["accounts"], account="accounts/watched-sample", snapshot=True)
        edited = False
        async for response in changes:
            for event in response.events:
                print(v1.ChangeType.Name(event.type), event.name, event.account.notes)
            if edited and response.events:
                print("go on behind", bool(response.resume_token))
                break
            if not edited and response.snapshot_complete:
                await client.accounts.modify_account("accounts/watched-sample", add_note)
                edited = True


def add_note(account):
    account.notes += "called; "


asyncio.run(main())
