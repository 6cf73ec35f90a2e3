namespace Cutover.Lab.Microsoft365.Mailboxes;

/// <summary>What a mailbox refuses, in Exchange's own error code.</summary>
internal sealed class MailboxException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;

    public static MailboxException FolderExists(string name) =>
        new("ErrorFolderExists", $"A folder with the specified name already exists., Could not create folder '{name}'.");

    public static MailboxException NotFound() =>
        new("ErrorItemNotFound", "The specified object was not found in the store., The process failed to get the correct properties.");

    public static MailboxException IdMalformed() => new("ErrorInvalidIdMalformed", "Id is malformed.");

    public static MailboxException Conflict() => new("ErrorIrresolvableConflict",
        "The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.");

    public static MailboxException Distinguished() => new("ErrorDeleteDistinguishedFolder", "Distinguished folders cannot be deleted.");
}
