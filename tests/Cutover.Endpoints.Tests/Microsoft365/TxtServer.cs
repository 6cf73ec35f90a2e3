using System.Net;
using ARSoft.Tools.Net.Dns;
using Cutover.Lab.Dns;

namespace Cutover.Endpoints.Tests.Microsoft365;

/// <summary>A DNS server that knows TXT records and nothing else.</summary>
internal sealed class TxtServer : IDisposable
{
    private readonly DnsServer server;

    public TxtServer()
    {
        Address = new IPEndPoint(IPAddress.Loopback, LoopbackPort.FindFree());
        server = new DnsServer(new UdpServerTransport(Address), new TcpServerTransport(Address));
        server.QueryReceived += Answer;
        server.Start();
    }

    public IPEndPoint Address { get; }

    public Dictionary<string, string> Records { get; } = new(StringComparer.OrdinalIgnoreCase);

    public void Dispose() => server.Stop();

    private Task Answer(object sender, QueryReceivedEventArgs call)
    {
        if (call.Query is not DnsMessage query) return Task.CompletedTask;
        var response = query.CreateResponseInstance();
        response.ReturnCode = ReturnCode.NoError;
        response.IsAuthoritiveAnswer = true;
        foreach (var question in query.Questions.Where(question => question.RecordType == RecordType.Txt))
            if (Records.TryGetValue(question.Name.ToString().TrimEnd('.'), out var text))
                response.AnswerRecords.Add(new TxtRecord(question.Name, 60, text));
        call.Response = response;
        return Task.CompletedTask;
    }
}
