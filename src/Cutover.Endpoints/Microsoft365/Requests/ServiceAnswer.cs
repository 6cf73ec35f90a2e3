namespace Cutover.Endpoints.Microsoft365.Requests;

/// <summary>An answer whose body is not read yet. Until it is disposed its request counts as running.</summary>
internal sealed class ServiceAnswer(HttpResponseMessage message, MailboxGovernor.Admission? admission) : IDisposable
{
    public HttpResponseMessage Message { get; } = message;

    /// <summary>The answer is a refusal, and the request will be made again after this time.</summary>
    public void Refused(TimeSpan wait) => admission?.Refused(Message.StatusCode, wait);

    public void Dispose()
    {
        Message.Dispose();
        admission?.Dispose();
    }
}
