namespace Cutover.Mapi.AddressBook;

/// <summary>
/// What an address book object is: PidTagDisplayType, and the low byte of PidTagDisplayTypeEx. Source: [MS-OXOABK] 2.2.3.11, 2.2.3.12.
/// </summary>
public enum AddressBookDisplayType
{
    MailUser = 0,
    DistributionList = 1,
    Forum = 2,

    /// <summary>Also a dynamic distribution list.</summary>
    Agent = 3,
    Organization = 4,
    PrivateDistributionList = 5,
    RemoteMailUser = 6,
    Room = 7,
    Equipment = 8,
    SecurityDistributionList = 9,
}

/// <summary>The flags of PidTagDisplayTypeEx beside its low byte. Source: [MS-OXOABK] 2.2.3.12.</summary>
public static class DisplayTypeEx
{
    /// <summary>May stand in an access control list: a user account or a security group.</summary>
    public const int AclCapable = 0x4000_0000;

    /// <summary>The mailbox is elsewhere and the second byte says what it is there.</summary>
    public const int RemoteValid = unchecked((int)0x8000_0000);

    public static AddressBookDisplayType Local(int displayTypeEx) => (AddressBookDisplayType)(displayTypeEx & 0xFF);
}
