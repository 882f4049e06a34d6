using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Minion.Tools.BuiltIn.Texts;

namespace Minion.Tools.BuiltIn;

/// <summary>What the tool <c>time</c> gives.</summary>
internal sealed record TimeResult(string Time, string Date, string Weekday, string Zone, string UtcOffset, string Iso);

/// <summary>What the tool <c>http_get</c> gives.</summary>
internal sealed record HttpGetResult(int Status, string ContentType, string Body, bool Truncated);

/// <summary>What the tool <c>http_fetch</c> gives.</summary>
internal sealed record HttpFetchResult(string Url, int Status, string ContentType, string Title, string Text, bool Truncated);

/// <summary>What the tool <c>notes_add</c> gives.</summary>
internal sealed record NoteAdded(Guid Id, long Count);

/// <summary>What the tool <c>notes_list</c> gives.</summary>
internal sealed record NoteList(IReadOnlyList<Note> Notes, long Count);

/// <summary>One note.</summary>
internal sealed record Note(Guid Id, string Text, DateTimeOffset CreatedAt);

/// <summary>What the tool <c>file_read</c> gives.</summary>
internal sealed record FileText(string Path, string Text, int StartLine, int EndLine, int TotalLines, bool Truncated);

/// <summary>What the tool <c>file_write</c> gives.</summary>
internal sealed record FileWritten(string Path, int Bytes, string Outcome);

/// <summary>What the tool <c>file_edit</c> gives.</summary>
internal sealed record FileEdited(string Path, int Changes, int TotalLines);

/// <summary>What the tool <c>file_list</c> gives.</summary>
internal sealed record FileList(IReadOnlyList<ListedFile> Entries, bool Truncated);

/// <summary>A file or folder.</summary>
internal sealed record ListedFile(string Path, string Type, long Size, string Modified);

/// <summary>What the tool <c>file_search</c> gives.</summary>
internal sealed record FileMatches(IReadOnlyList<FileMatch> Matches, int FilesSearched, bool Truncated);

/// <summary>A line in which something was found.</summary>
internal sealed record FileMatch(string Path, int Line, string Text);

/// <summary>Source-generated serialization of the built-in tools' results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(TextResult))]
[JsonSerializable(typeof(TimeResult))]
[JsonSerializable(typeof(HttpGetResult))]
[JsonSerializable(typeof(HttpFetchResult))]
[JsonSerializable(typeof(NoteAdded))]
[JsonSerializable(typeof(NoteList))]
[JsonSerializable(typeof(FileText))]
[JsonSerializable(typeof(FileWritten))]
[JsonSerializable(typeof(FileEdited))]
[JsonSerializable(typeof(FileList))]
[JsonSerializable(typeof(FileMatches))]
internal sealed partial class BuiltInJson : JsonSerializerContext
{
    /// <summary>Leaves letters as they are: a model reads the result, no browser does.</summary>
    public static BuiltInJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
