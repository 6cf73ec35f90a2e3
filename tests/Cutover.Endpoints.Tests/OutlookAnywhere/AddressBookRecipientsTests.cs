using Cutover.Core.Recipients;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

public sealed class AddressBookRecipientsTests
{
    /// <summary>gromox's address book gives a user without a title the title "".</summary>
    [Fact]
    public void A_detail_given_as_an_empty_string_is_no_detail()
    {
        var row = new PropertyBag()
            .Set(PropertyTags.EmailAddress, "/o=Gromox default/cn=Recipients/cn=boris")
            .Set(PropertyTags.DisplayType, (int)AddressBookDisplayType.MailUser)
            .Set(PropertyTags.SmtpAddress, "boris@contoso.test")
            .Set(PropertyTags.Account, "")
            .Set(PropertyTags.Title, "")
            .Set(PropertyTags.AddressBookTargetAddress, "")
            .Set(PropertyTags.AddressBookManagerDistinguishedName, "");

        var boris = AddressBookRecipients.Read(row, isHidden: false);

        Assert.NotNull(boris);
        Assert.Equal((RecipientType.UserMailbox, "boris", null), (boris.Type, boris.Alias, boris.Manager));
        Assert.Equal(new RecipientDetails(), boris.Details);
    }
}
