using Cutover.Core.Endpoints;
using Cutover.Core.Messages;
using Cutover.Core.Runbooks;

namespace Cutover.Core.Tests.Messages;

public sealed class WelcomeMessageTests
{
    private static readonly CutoverPlan Plan = new()
    {
        Domain = "contoso.com",
        OrganisationName = "Jansen & Zn",
        Source = Endpoint,
        Target = Endpoint,
        TestMailbox = "migadmin@contoso.com",
    };

    private static MigrationEndpoint Endpoint =>
        new("x", MigrationEndpointType.OutlookAnywhere, new Dictionary<string, string>(), new SecretRef("env:X"), 1, 1);

    [Theory]
    [InlineData("en", "Welcome to your new mailbox", "Dear Zoë <script>,")]
    [InlineData("nl", "Welkom in uw nieuwe postvak", "Beste Zoë <script>,")]
    public void Each_language_greets_the_user_and_a_name_is_never_markup(string language, string subject, string greeting)
    {
        var message = new WelcomeMessage(language).For(Plan, Mailbox("Zoë <script>"));

        Assert.Equal(subject, message.Subject);
        Assert.Contains(greeting, message.TextBody);
        Assert.DoesNotContain("<script>", message.HtmlBody);
        Assert.Contains("zoe@contoso.com", message.TextBody);
        Assert.Contains("Jansen & Zn", message.TextBody);
        Assert.DoesNotContain("<", message.TextBody.Replace("<script>", ""));
    }

    [Fact]
    public void The_same_message_to_the_same_user_has_the_same_id() =>
        Assert.Equal(new WelcomeMessage("en").For(Plan, Mailbox("Zoë")).Id, new WelcomeMessage("nl").For(Plan, Mailbox("Zoë")).Id);

    [Fact]
    public void An_unknown_language_is_refused_by_name() =>
        Assert.Contains("'fr'", Assert.Throws<ArgumentException>(() => new WelcomeMessage("fr")).Message);

    private static CutoverMailbox Mailbox(string name) =>
        new(name, new SourceMailbox("/o=Contoso/cn=zoe", "zoe@contoso.com"), new TargetMailbox("id", "MBX:1@2", "zoe@contoso.com"));
}
