namespace Cutover.Core.Messages;

/// <summary>A message to a user about the migration (S18, S26).</summary>
/// <param name="Id">Names this message to this recipient for good, so that it is never sent twice.</param>
public sealed record UserMessage(string Id, string To, string Subject, string TextBody, string HtmlBody);

/// <summary>Sends messages to users. Fails with <see cref="Faults.MigrationFault"/>.</summary>
public interface IMessageSender
{
    Task SendAsync(UserMessage message, CancellationToken ct);
}
