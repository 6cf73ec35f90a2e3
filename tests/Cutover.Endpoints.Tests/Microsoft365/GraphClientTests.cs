using System.Net;
using Cutover.Core.Faults;
using Cutover.Endpoints.Microsoft365.Graph;
using Cutover.Endpoints.Microsoft365.Requests;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Endpoints.Tests.Microsoft365;

public sealed class GraphClientTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task The_token_goes_to_no_other_host_than_Graphs()
    {
        var service = new StubService(_ => Task.FromResult(StubService.Json("""{"value":[],"@odata.nextLink":"https://evil.test/v1.0/users?$skiptoken=x"}""")));

        var fault = await Assert.ThrowsAsync<MigrationFault>(async () =>
            await service.CreateGraph().ListAsync("users", GraphJson.Default.GraphPageGraphUser, Ct).ToListAsync());

        Assert.Contains("evil.test", fault.Message);
        Assert.Single(service.Requested);
    }

    [Fact]
    public async Task Retry_After_is_waited_for_by_the_clock()
    {
        var clock = new FakeTimeProvider();
        var answers = 0;
        var service = new StubService(_ =>
        {
            var response = ++answers == 1 ? StubService.Json("{}", HttpStatusCode.TooManyRequests) : StubService.Json("""{"id":"1"}""");
            response.Headers.TryAddWithoutValidation("Retry-After", "90");
            return Task.FromResult(response);
        });

        var reading = service.CreateGraph(clock).GetAsync("users/1", GraphJson.Default.GraphUser, Ct);
        clock.Advance(TimeSpan.FromSeconds(89));
        Assert.False(reading.IsCompleted);
        Assert.Equal(1, answers);
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("1", (await reading).Id);
    }

    [Fact]
    public async Task Graphs_own_words_and_request_id_come_through()
    {
        var service = new StubService(_ => Task.FromResult(StubService.Json(
            """{"error":{"code":"Request_BadRequest","message":"It is bad.","details":[{"code":"ObjectConflict","message":"Taken.","target":"userPrincipalName"}],"innerError":{"request-id":"abc-123"}}}""",
            HttpStatusCode.BadRequest)));

        var refusal = await Assert.ThrowsAsync<ServiceRefusal>(() => service.CreateGraph().GetAsync("users/1", GraphJson.Default.GraphUser, Ct));
        var fault = Refusals.ToFault(refusal, "read a user", FaultScope.Item);

        Assert.Equal("Microsoft 365 refused to read a user: It is bad. Taken. (400 Request_BadRequest, request-id abc-123)", fault.Message);
        Assert.Equal((FaultScope.Item, false, "userPrincipalName"), (fault.Scope, fault.IsTransient, refusal.Target));
    }

    [Theory]
    [InlineData("<html>502</html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task An_answer_that_is_no_error_body_is_still_a_refusal(string body)
    {
        var service = new StubService(_ => Task.FromResult(StubService.Json(body, HttpStatusCode.NotImplemented)));

        var refusal = await Assert.ThrowsAsync<ServiceRefusal>(() => service.CreateGraph().GetAsync("users/1", GraphJson.Default.GraphUser, Ct));

        Assert.Equal(HttpStatusCode.NotImplemented, refusal.Status);
    }

    [Fact]
    public async Task A_creation_without_an_answer_is_not_repeated()
    {
        var service = new StubService(_ => throw new HttpRequestException("reset"));

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => service.CreateGraph()
            .PostAsync("users", new GraphUser(DisplayName: "Anna"), GraphJson.Default.GraphUser, GraphJson.Default.GraphUser, Ct));

        Assert.Single(service.Requested);
        Assert.True(fault.OutcomeUnknown);
    }
}
