using ArchUnitNET.Fluent.Syntax.Elements.Types;
using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Cutover.Architecture.Tests;

/// <summary>The dependency rules of docs/architecture.md.</summary>
public sealed class DependencyRules
{
    private static readonly string[] Rooms =
        ["Cutover.Mapi", "Cutover.Core", "Cutover.Endpoints", "Cutover.Orchestrator", "Cutover.Server", "Cutover.Cli", "Cutover.Lab"];

    private static readonly ArchUnitNET.Domain.Architecture Product = new ArchLoader().LoadAssemblies(
        [.. Rooms.Select(room => System.Reflection.Assembly.Load(room == "Cutover.Cli" ? "cutover" : room))]).Build();

    [Theory]
    [InlineData("Cutover.Mapi")]
    [InlineData("Cutover.Core")]
    [InlineData("Cutover.Endpoints", "Cutover.Core", "Cutover.Mapi")]
    [InlineData("Cutover.Orchestrator", "Cutover.Core")]
    [InlineData("Cutover.Server", "Cutover.Orchestrator", "Cutover.Endpoints", "Cutover.Core", "Cutover.Mapi")]
    [InlineData("Cutover.Lab", "Cutover.Mapi", "Cutover.Core")]
    public void A_room_depends_only_on_the_rooms_it_may(string room, params string[] allowed)
    {
        foreach (var other in Rooms.Where(other => other != room && !allowed.Contains(other)))
            Check(Types().That().ResideInNamespaceMatching(Within(room)).Should().NotDependOnAny(
                Types().That().ResideInNamespaceMatching(Within(other))));
    }

    [Fact]
    public void The_lab_takes_nouns_and_codecs_from_the_wire_library_and_never_its_clients() =>
        Check(Types().That().ResideInNamespaceMatching(Within("Cutover.Lab")).Should().NotDependOnAny(
            Types().That().HaveFullNameMatching(@"^Cutover\.Mapi\..*(Client|MapiSession|MailboxLogon)$")));

    [Fact]
    public void No_folder_is_named_after_a_kind() =>
        Check(Types().Should().NotResideInNamespaceMatching(@"\.(Interfaces|Helpers|Models|Utils|Common|Managers)(\.|$)"));

    private static string Within(string room) => $@"^{room.Replace(".", @"\.")}(\.|$)";

    private static void Check(TypesShouldConjunction rule)
    {
        var broken = rule.WithoutRequiringPositiveResults().Evaluate(Product).Where(result => !result.Passed).Select(result => result.Description);
        Assert.Empty(broken);
    }
}
