namespace Cutover.Mapi.Messages;

/// <summary>The bytes are no Internet message: not one header that mail has was found at their beginning.</summary>
public sealed class NotAMessageException(string message, Exception? inner = null) : Exception(message, inner);
