namespace Cutover.Mapi.Properties;

/// <summary>Names of named properties by their canonical names without the prefix PidLid or PidName. Source: [MS-OXPROPS] 2.</summary>
public static class PropertyNames
{
    // Any item
    public static readonly PropertyName Keywords = PropertyName.Of(PropertySets.PublicStrings, "Keywords");
    public static readonly PropertyName ContentClass = PropertyName.Of(PropertySets.InternetHeaders, "content-class");
    public static readonly PropertyName ReminderDelta = PropertyName.Of(PropertySets.Common, 0x8501);
    public static readonly PropertyName ReminderTime = PropertyName.Of(PropertySets.Common, 0x8502);
    public static readonly PropertyName ReminderSet = PropertyName.Of(PropertySets.Common, 0x8503);
    public static readonly PropertyName Private = PropertyName.Of(PropertySets.Common, 0x8506);
    public static readonly PropertyName SideEffects = PropertyName.Of(PropertySets.Common, 0x8510);
    public static readonly PropertyName TaskGlobalId = PropertyName.Of(PropertySets.Common, 0x8519);
    public static readonly PropertyName CommonStart = PropertyName.Of(PropertySets.Common, 0x8516);
    public static readonly PropertyName CommonEnd = PropertyName.Of(PropertySets.Common, 0x8517);
    public static readonly PropertyName FlagRequest = PropertyName.Of(PropertySets.Common, 0x8530);
    public static readonly PropertyName ReminderSignalTime = PropertyName.Of(PropertySets.Common, 0x8560);
    public static readonly PropertyName UseTnef = PropertyName.Of(PropertySets.Common, 0x8582);
    public static readonly PropertyName ToDoTitle = PropertyName.Of(PropertySets.Common, 0x85A4);

    // Appointment
    public static readonly PropertyName AppointmentSequence = PropertyName.Of(PropertySets.Appointment, 0x8201);
    public static readonly PropertyName BusyStatus = PropertyName.Of(PropertySets.Appointment, 0x8205);
    public static readonly PropertyName Location = PropertyName.Of(PropertySets.Appointment, 0x8208);
    public static readonly PropertyName AppointmentStartWhole = PropertyName.Of(PropertySets.Appointment, 0x820D);
    public static readonly PropertyName AppointmentEndWhole = PropertyName.Of(PropertySets.Appointment, 0x820E);
    public static readonly PropertyName AppointmentDuration = PropertyName.Of(PropertySets.Appointment, 0x8213);
    public static readonly PropertyName AppointmentSubType = PropertyName.Of(PropertySets.Appointment, 0x8215);
    public static readonly PropertyName AppointmentRecur = PropertyName.Of(PropertySets.Appointment, 0x8216);
    public static readonly PropertyName AppointmentStateFlags = PropertyName.Of(PropertySets.Appointment, 0x8217);
    public static readonly PropertyName ResponseStatus = PropertyName.Of(PropertySets.Appointment, 0x8218);
    public static readonly PropertyName Recurring = PropertyName.Of(PropertySets.Appointment, 0x8223);
    public static readonly PropertyName IntendedBusyStatus = PropertyName.Of(PropertySets.Appointment, 0x8224);
    public static readonly PropertyName ExceptionReplaceTime = PropertyName.Of(PropertySets.Appointment, 0x8228);
    public static readonly PropertyName FInvited = PropertyName.Of(PropertySets.Appointment, 0x8229);
    public static readonly PropertyName RecurrenceType = PropertyName.Of(PropertySets.Appointment, 0x8231);
    public static readonly PropertyName RecurrencePattern = PropertyName.Of(PropertySets.Appointment, 0x8232);
    public static readonly PropertyName TimeZoneStruct = PropertyName.Of(PropertySets.Appointment, 0x8233);
    public static readonly PropertyName TimeZoneDescription = PropertyName.Of(PropertySets.Appointment, 0x8234);
    public static readonly PropertyName ClipStart = PropertyName.Of(PropertySets.Appointment, 0x8235);
    public static readonly PropertyName ClipEnd = PropertyName.Of(PropertySets.Appointment, 0x8236);
    public static readonly PropertyName AllAttendeesString = PropertyName.Of(PropertySets.Appointment, 0x8238);
    public static readonly PropertyName ToAttendeesString = PropertyName.Of(PropertySets.Appointment, 0x823B);
    public static readonly PropertyName CcAttendeesString = PropertyName.Of(PropertySets.Appointment, 0x823C);
    public static readonly PropertyName AppointmentProposedStartWhole = PropertyName.Of(PropertySets.Appointment, 0x8250);
    public static readonly PropertyName AppointmentProposedEndWhole = PropertyName.Of(PropertySets.Appointment, 0x8251);
    public static readonly PropertyName AppointmentCounterProposal = PropertyName.Of(PropertySets.Appointment, 0x8257);
    public static readonly PropertyName AppointmentNotAllowPropose = PropertyName.Of(PropertySets.Appointment, 0x825A);
    public static readonly PropertyName AppointmentTimeZoneDefinitionStartDisplay = PropertyName.Of(PropertySets.Appointment, 0x825E);
    public static readonly PropertyName AppointmentTimeZoneDefinitionEndDisplay = PropertyName.Of(PropertySets.Appointment, 0x825F);
    public static readonly PropertyName AppointmentTimeZoneDefinitionRecur = PropertyName.Of(PropertySets.Appointment, 0x8260);

    // Meeting
    public static readonly PropertyName AttendeeCriticalChange = PropertyName.Of(PropertySets.Meeting, 0x0001);
    public static readonly PropertyName Where = PropertyName.Of(PropertySets.Meeting, 0x0002);
    public static readonly PropertyName GlobalObjectId = PropertyName.Of(PropertySets.Meeting, 0x0003);
    public static readonly PropertyName IsRecurring = PropertyName.Of(PropertySets.Meeting, 0x0005);
    public static readonly PropertyName IsException = PropertyName.Of(PropertySets.Meeting, 0x000A);
    public static readonly PropertyName OwnerCriticalChange = PropertyName.Of(PropertySets.Meeting, 0x001A);
    public static readonly PropertyName CleanGlobalObjectId = PropertyName.Of(PropertySets.Meeting, 0x0023);
    public static readonly PropertyName MeetingType = PropertyName.Of(PropertySets.Meeting, 0x0026);

    // Contact
    public static readonly PropertyName FileUnder = PropertyName.Of(PropertySets.Address, 0x8005);
    public static readonly PropertyName FileUnderId = PropertyName.Of(PropertySets.Address, 0x8006);
    public static readonly PropertyName HasPicture = PropertyName.Of(PropertySets.Address, 0x8015);
    public static readonly PropertyName HomeAddress = PropertyName.Of(PropertySets.Address, 0x801A);
    public static readonly PropertyName WorkAddress = PropertyName.Of(PropertySets.Address, 0x801B);
    public static readonly PropertyName OtherAddress = PropertyName.Of(PropertySets.Address, 0x801C);
    public static readonly PropertyName PostalAddressId = PropertyName.Of(PropertySets.Address, 0x8022);
    public static readonly PropertyName Html = PropertyName.Of(PropertySets.Address, 0x802B);
    public static readonly PropertyName YomiFirstName = PropertyName.Of(PropertySets.Address, 0x802C);
    public static readonly PropertyName YomiLastName = PropertyName.Of(PropertySets.Address, 0x802D);
    public static readonly PropertyName YomiCompanyName = PropertyName.Of(PropertySets.Address, 0x802E);
    public static readonly PropertyName WorkAddressStreet = PropertyName.Of(PropertySets.Address, 0x8045);
    public static readonly PropertyName WorkAddressCity = PropertyName.Of(PropertySets.Address, 0x8046);
    public static readonly PropertyName WorkAddressState = PropertyName.Of(PropertySets.Address, 0x8047);
    public static readonly PropertyName WorkAddressPostalCode = PropertyName.Of(PropertySets.Address, 0x8048);
    public static readonly PropertyName WorkAddressCountry = PropertyName.Of(PropertySets.Address, 0x8049);
    public static readonly PropertyName WorkAddressPostOfficeBox = PropertyName.Of(PropertySets.Address, 0x804A);
    public static readonly PropertyName DistributionListChecksum = PropertyName.Of(PropertySets.Address, 0x804C);
    public static readonly PropertyName ContactUserField1 = PropertyName.Of(PropertySets.Address, 0x804F);
    public static readonly PropertyName ContactUserField2 = PropertyName.Of(PropertySets.Address, 0x8050);
    public static readonly PropertyName ContactUserField3 = PropertyName.Of(PropertySets.Address, 0x8051);
    public static readonly PropertyName ContactUserField4 = PropertyName.Of(PropertySets.Address, 0x8052);
    public static readonly PropertyName DistributionListName = PropertyName.Of(PropertySets.Address, 0x8053);
    public static readonly PropertyName DistributionListOneOffMembers = PropertyName.Of(PropertySets.Address, 0x8054);
    public static readonly PropertyName DistributionListMembers = PropertyName.Of(PropertySets.Address, 0x8055);
    public static readonly PropertyName Email1DisplayName = PropertyName.Of(PropertySets.Address, 0x8080);
    public static readonly PropertyName Email1AddressType = PropertyName.Of(PropertySets.Address, 0x8082);
    public static readonly PropertyName Email1EmailAddress = PropertyName.Of(PropertySets.Address, 0x8083);
    public static readonly PropertyName Email1OriginalDisplayName = PropertyName.Of(PropertySets.Address, 0x8084);
    public static readonly PropertyName Email1OriginalEntryId = PropertyName.Of(PropertySets.Address, 0x8085);
    public static readonly PropertyName Email2DisplayName = PropertyName.Of(PropertySets.Address, 0x8090);
    public static readonly PropertyName Email2AddressType = PropertyName.Of(PropertySets.Address, 0x8092);
    public static readonly PropertyName Email2EmailAddress = PropertyName.Of(PropertySets.Address, 0x8093);
    public static readonly PropertyName Email2OriginalDisplayName = PropertyName.Of(PropertySets.Address, 0x8094);
    public static readonly PropertyName Email2OriginalEntryId = PropertyName.Of(PropertySets.Address, 0x8095);
    public static readonly PropertyName Email3DisplayName = PropertyName.Of(PropertySets.Address, 0x80A0);
    public static readonly PropertyName Email3AddressType = PropertyName.Of(PropertySets.Address, 0x80A2);
    public static readonly PropertyName Email3EmailAddress = PropertyName.Of(PropertySets.Address, 0x80A3);
    public static readonly PropertyName Email3OriginalDisplayName = PropertyName.Of(PropertySets.Address, 0x80A4);
    public static readonly PropertyName Email3OriginalEntryId = PropertyName.Of(PropertySets.Address, 0x80A5);
    public static readonly PropertyName InstantMessagingAddress = PropertyName.Of(PropertySets.Address, 0x8062);
    public static readonly PropertyName FreeBusyLocation = PropertyName.Of(PropertySets.Address, 0x80D8);
    public static readonly PropertyName BirthdayLocal = PropertyName.Of(PropertySets.Address, 0x80DE);
    public static readonly PropertyName WeddingAnniversaryLocal = PropertyName.Of(PropertySets.Address, 0x80DF);

    // Task
    public static readonly PropertyName TaskStatus = PropertyName.Of(PropertySets.Task, 0x8101);
    public static readonly PropertyName PercentComplete = PropertyName.Of(PropertySets.Task, 0x8102);
    public static readonly PropertyName TaskStartDate = PropertyName.Of(PropertySets.Task, 0x8104);
    public static readonly PropertyName TaskDueDate = PropertyName.Of(PropertySets.Task, 0x8105);
    public static readonly PropertyName TaskDateCompleted = PropertyName.Of(PropertySets.Task, 0x810F);
    public static readonly PropertyName TaskActualEffort = PropertyName.Of(PropertySets.Task, 0x8110);
    public static readonly PropertyName TaskEstimatedEffort = PropertyName.Of(PropertySets.Task, 0x8111);
    public static readonly PropertyName TaskRecurrence = PropertyName.Of(PropertySets.Task, 0x8116);
    public static readonly PropertyName TaskComplete = PropertyName.Of(PropertySets.Task, 0x811C);
    public static readonly PropertyName TaskOwner = PropertyName.Of(PropertySets.Task, 0x811F);
    public static readonly PropertyName TaskFRecurring = PropertyName.Of(PropertySets.Task, 0x8126);

    // Sticky note and journal
    public static readonly PropertyName NoteColor = PropertyName.Of(PropertySets.Note, 0x8B00);
    public static readonly PropertyName NoteWidth = PropertyName.Of(PropertySets.Note, 0x8B02);
    public static readonly PropertyName NoteHeight = PropertyName.Of(PropertySets.Note, 0x8B03);
    public static readonly PropertyName NoteX = PropertyName.Of(PropertySets.Note, 0x8B04);
    public static readonly PropertyName NoteY = PropertyName.Of(PropertySets.Note, 0x8B05);
    public static readonly PropertyName LogType = PropertyName.Of(PropertySets.Log, 0x8700);
    public static readonly PropertyName LogStart = PropertyName.Of(PropertySets.Log, 0x8706);
    public static readonly PropertyName LogDuration = PropertyName.Of(PropertySets.Log, 0x8707);
    public static readonly PropertyName LogEnd = PropertyName.Of(PropertySets.Log, 0x8708);
}
