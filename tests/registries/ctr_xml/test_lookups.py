"""CTR-XML: who is named elsewhere in the file is looked up, and a reference that nothing reads is reported."""

from trialparse.parsing.calls import parse

STUDY = """<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:ctr="http://www.cdisc.org/ns/ctr/v1.0">
<Study OID="S"><GlobalVariables><ctr:Contacts><ctr:Contact UserOID="U" ContactRole="Public Contact"/></ctr:Contacts>
</GlobalVariables></Study>
<AdminData><User OID="U"><FullName>Ann Example</FullName><ctr:OrganizationRef OrganizationOID="O"/></User>
<User OID="V"><FullName>Bo Example</FullName></User>
<ctr:Organization OID="O" Name="Example Ltd"/></AdminData></ODM>"""


def test_a_contact_and_one_whom_nothing_refers_to() -> None:
    contacts = parse(STUDY.encode()).trial.contacts
    assert ["Ann Example", "Bo Example"] == [contact.name for contact in contacts]


def test_the_organisation_of_a_user_is_not_lost_in_silence() -> None:
    parsed = parse(STUDY.encode())
    assert {"AdminData.User.OrganizationRef.@OrganizationOID": 1} == dict(parsed.audit().unmapped)
