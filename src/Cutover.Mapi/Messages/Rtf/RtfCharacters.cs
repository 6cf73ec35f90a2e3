namespace Cutover.Mapi.Messages.Rtf;

/// <summary>The characters that control words stand for. Source: [MS-OXRTFEX] 2.1.3.1.4.2.</summary>
internal static class RtfCharacters
{
    public static string InText(string word) => word switch
    {
        "par" or "line" or "sect" or "page" or "row" => "\r\n",
        "tab" or "cell" or "nestcell" => "\t",
        "lquote" => "\u2018",
        "rquote" => "\u2019",
        "ldblquote" => "\u201C",
        "rdblquote" => "\u201D",
        "bullet" => "\u2022",
        "endash" => "\u2013",
        "emdash" => "\u2014",
        "enspace" => "\u2002",
        "emspace" => "\u2003",
        "zwj" => "\u200D",
        "zwnj" => "\u200C",
        "~" => "\u00A0",
        "_" => "\u00AD",
        "{" or "}" or "\\" => word,
        _ => "",
    };

    public static string InHtml(string word) => word switch
    {
        "lquote" => "&lsquo;",
        "rquote" => "&rsquo;",
        "ldblquote" => "&ldquo;",
        "rdblquote" => "&rdquo;",
        "bullet" => "&bull;",
        "endash" => "&ndash;",
        "emdash" => "&mdash;",
        "enspace" => "&ensp;",
        "emspace" => "&emsp;",
        "~" => "&nbsp;",
        "_" => "&shy;",
        _ => InText(word),
    };
}
