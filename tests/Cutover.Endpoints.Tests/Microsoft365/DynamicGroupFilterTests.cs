using Cutover.Endpoints.Microsoft365.Provisioning;

namespace Cutover.Endpoints.Tests.Microsoft365;

public sealed class DynamicGroupFilterTests
{
    [Theory]
    // As Exchange 2010 shows a group that was made with -IncludedRecipients MailboxUsers -ConditionalDepartment Sales.
    [InlineData(
        "((((RecipientType -eq 'UserMailbox') -and (Department -eq 'Sales'))) -and (-not(Name -like 'SystemMailbox{*')) -and (-not(Name -like 'CAS_{*')) -and (-not(RecipientTypeDetailsValue -eq 'MailboxPlan')) -and (-not(RecipientTypeDetailsValue -eq 'DiscoveryMailbox')) -and (-not(RecipientTypeDetailsValue -eq 'ArbitrationMailbox')))",
        "((((RecipientType -eq 'UserMailbox') -and (Department -eq 'Sales'))))")]
    // The brackets that are left keep their other half, whatever they stand around.
    [InlineData("(City -eq 'Delft') -and ((Title -eq 'x') -and (-not(Name -like 'SystemMailbox{*')))", "(City -eq 'Delft') -and ((Title -eq 'x'))")]
    [InlineData("(-not(Name -like 'CAS_{*')) -or (City -eq 'a')) -and (-not(Name -like 'Jan*'))", "(-not(Name -like 'CAS_{*')) -or (City -eq 'a')) -and (-not(Name -like 'Jan*'))")]
    [InlineData("(Company -eq 'Fabrikam (NL)') -and (City -like 'Delft*')", "(Company -eq 'Fabrikam (NL)') -and (City -like 'Delft*')")]
    [InlineData("((Title -eq 'O''Neil)'))", "((Title -eq 'O''Neil)'))")]
    public void What_every_Exchange_adds_goes_and_the_rest_stays(string filter, string translated) =>
        Assert.Equal((translated, null), DynamicGroupFilter.Translate(filter));

    [Theory]
    [InlineData("(RecipientType -eq 'UserMailbox') -and (ServerName -eq 'mbx1')", "ServerName")]
    [InlineData("memberofgroup -eq 'CN=Sales,DC=contoso,DC=local'", "memberofgroup")]
    public void What_names_the_old_premises_is_told(string filter, string property)
    {
        var (translated, why) = DynamicGroupFilter.Translate(filter);

        Assert.Null(translated);
        Assert.Contains(property, why, StringComparison.Ordinal);
    }
}
