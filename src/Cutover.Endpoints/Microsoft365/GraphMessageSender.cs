using Cutover.Core.Faults;
using Cutover.Core.Messages;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;

namespace Cutover.Endpoints.Microsoft365;

/// <summary>Sends messages as one mailbox of the tenant through Graph's sendMail. That nothing is sent twice is the caller's affair.</summary>
public sealed class GraphMessageSender : IMessageSender
{
    private readonly GraphClient graph;
    private readonly string from;

    internal GraphMessageSender(GraphClient graph, string from)
    {
        this.graph = graph;
        this.from = from;
    }

    public Task SendAsync(UserMessage message, CancellationToken ct) =>
        Refusals.NameAsync($"send a message from {from} to {message.To}", FaultScope.Mailbox, () => graph.SendAsync(
            HttpMethod.Post, $"users/{GraphClient.Segment(from)}/sendMail", new SendMail(ToGraph(message), SaveToSentItems: false),
                GraphJson.Default.SendMail,
            Repetition.Forbidden, ct));

    // Graph takes one body; mail programs make the text form of an HTML message themselves.
    private static GraphMessage ToGraph(UserMessage message) => new(
        message.Subject,
        new MessageBody("html", message.HtmlBody),
        [new MessageRecipient(new MessageAddress(message.To))],
        [new MessageHeader("x-cutover-message", message.Id)],
        // One sent twice has one Message-ID, which Exchange delivers once.
        $"<{Uri.EscapeDataString(message.Id)}@cutover.invalid>");
}
