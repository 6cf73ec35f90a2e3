using Cutover.Mapi.Messages;
using MimeKit;

namespace Cutover.Lab.Organisation;

/// <summary>Real messages from a folder: every file below it that MimeKit sees as a message; an mbox gives all of its messages.</summary>
public sealed class MailCorpus
{
    private readonly IReadOnlyList<string> files;
    private readonly List<string> skipped = [];

    private MailCorpus(string directory, IReadOnlyList<string> files)
    {
        Directory = directory;
        this.files = files;
    }

    /// <summary>The folder, its path in full.</summary>
    public string Directory { get; }

    /// <summary>Files that hold no message, known when <see cref="Messages"/> has been read to its end.</summary>
    public IReadOnlyList<string> Skipped => skipped;

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">There is no file in it.</exception>
    public static MailCorpus Open(string directory)
    {
        var path = Path.GetFullPath(directory);
        if (!System.IO.Directory.Exists(path))
            throw new DirectoryNotFoundException($"The corpus folder {path} does not exist; give a folder that holds .eml files.");
        var files = System.IO.Directory.GetFiles(path, "*", SearchOption.AllDirectories);
        if (files.Length == 0) throw new InvalidDataException($"The corpus folder {path} holds no file; give a folder that holds .eml files.");
        return new MailCorpus(path, [.. files.Order(StringComparer.Ordinal)]);
    }

    /// <summary>The messages in the order of the files' names, each read when it is asked for.</summary>
    public IEnumerable<MapiMessage> Messages()
    {
        skipped.Clear();
        foreach (var file in files)
        {
            foreach (var message in Read(file)) yield return message;
        }
    }

    private IEnumerable<MapiMessage> Read(string file)
    {
        var bytes = File.ReadAllBytes(file);
        IReadOnlyList<MimeMessage> messages;
        try
        {
            messages = bytes.AsSpan().StartsWith("From "u8) ? ReadMbox(bytes) : [MimeToMapi.Parse(bytes)];
        }
        catch (NotAMessageException)
        {
            skipped.Add(file);
            return [];
        }
        return messages.Select(MimeToMapi.Convert);
    }

    private static List<MimeMessage> ReadMbox(byte[] bytes)
    {
        var messages = new List<MimeMessage>();
        var parser = new MimeParser(new MemoryStream(bytes), MimeFormat.Mbox);
        try
        {
            while (!parser.IsEndOfStream) messages.Add(parser.ParseMessage());
        }
        catch (FormatException) when (messages.Count > 0)
        {
            // What comes after the last whole message is not one.
        }
        catch (FormatException e)
        {
            throw new NotAMessageException("An mbox without a message: " + e.Message, e);
        }
        return messages;
    }
}
