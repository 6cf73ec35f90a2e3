using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Messages;

/// <summary>What voice mail and fax messages say in their header. Source: [MS-OXOUM] 2.2.5, [MS-OXCMAIL] 2.2.3.1.5.</summary>
internal static class VoiceHeaders
{
    public static readonly IReadOnlyList<(string Field, PropertyTag Tag)> All =
    [
        ("X-CallingTelephoneNumber", PropertyTags.SenderTelephoneNumber),
        ("X-VoiceMessageDuration", PropertyTags.VoiceMessageDuration),
        ("X-VoiceMessageSenderName", PropertyTags.VoiceMessageSenderName),
        ("X-FaxNumberOfPages", PropertyTags.FaxNumberOfPages),
        ("X-AttachmentOrder", PropertyTags.VoiceMessageAttachmentOrder),
        ("X-CallID", PropertyTags.CallId),
    ];
}
