using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages.Contacts;

/// <summary>Lines that say just what one property says. Source: [MS-OXVCARD] 2.1.3.5 to 2.1.3.7.</summary>
internal static class ContactTexts
{
    public static IReadOnlyList<(string Name, PropertyTag Tag)> Tags { get; } =
    [
        ("TITLE", PropertyTags.Title), ("ROLE", PropertyTags.Profession), ("X-MS-MANAGER", PropertyTags.ManagerName), ("X-MS-ASSISTANT", PropertyTags.Assistant),
        ("X-MS-SPOUSE", PropertyTags.SpouseName), ("X-MS-INTERESTS", PropertyTags.Hobbies), ("X-MS-OFFICE", PropertyTags.OfficeLocation),
    ];

    public static IReadOnlyList<(string Name, PropertyName Property)> Names { get; } =
    [
        ("X-MS-IMADDRESS", PropertyNames.InstantMessagingAddress), ("FBURL", PropertyNames.FreeBusyLocation), ("X-MS-TEXT", PropertyNames.ContactUserField1),
        ("X-MS-TEXT", PropertyNames.ContactUserField2), ("X-MS-TEXT", PropertyNames.ContactUserField3), ("X-MS-TEXT", PropertyNames.ContactUserField4),
    ];
}
