using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Minion.Tools.Sandboxes.Tools;

/// <summary>What a tool that runs code gives.</summary>
internal sealed record CodeResult(string Ended, int? ExitCode, string Stdout, string Stderr, bool Cut, IReadOnlyList<CodeFile> Files)
{
    /// <summary>What the model should know besides; absent when there is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    public static CodeResult Of(SandboxResult result, SandboxCommand command, SandboxOptions options) => new(
        Name(result.End), result.ExitCode, result.Output, result.Error, result.Cut, [.. result.Files.Select(CodeFile.Of)])
    {
        Note = NoteOf(result, command, options),
    };

    private static string Name(SandboxEnd end) => end switch
    {
        SandboxEnd.Exited => "exited",
        SandboxEnd.TimedOut => "timed_out",
        SandboxEnd.OutOfMemory => "out_of_memory",
        SandboxEnd.OutOfCpu => "out_of_cpu",
        SandboxEnd.TooMuchOutput => "too_much_output",
        SandboxEnd.TooManyFiles => "too_many_files",
        _ => throw new ArgumentOutOfRangeException(nameof(end), end, "This end has no name."),
    };

    private static string? NoteOf(SandboxResult result, SandboxCommand command, SandboxOptions options)
    {
        var end = result.End switch
        {
            SandboxEnd.TimedOut => $"It was ended after {(command.Timeout ?? TimeSpan.FromSeconds(options.TimeoutSeconds)).TotalSeconds:0} s. Do less at once, or ask for more with timeout_seconds (at most {options.LongestTimeoutSeconds}).",
            SandboxEnd.OutOfMemory => $"It was ended because it wanted more than {options.MemoryMb} MiB of memory. Work on smaller pieces.",
            SandboxEnd.OutOfCpu => $"It was ended after {options.CpuSeconds} s of processor time. Do less at once.",
            SandboxEnd.TooMuchOutput => $"It was ended because it wrote more than {options.MostOutputMb} MiB. Print less, or write to a file.",
            SandboxEnd.TooManyFiles => $"It was ended because it made more than {options.Files} files. Make fewer.",
            _ => null,
        };
        var missing = command.Wanted.Count - result.Files.Count;
        var files = missing > 0 && result.ExitCode is not null
            ? $"{missing} of the files in return_files are not there, are no regular files, or are too large (512 KiB in all)."
            : null;
        return end is null && files is null ? null : string.Join(' ', new[] { end, files }.OfType<string>());
    }
}

/// <summary>A file that was asked for.</summary>
internal sealed record CodeFile(string Path, long Size)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Its content when it is text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>Its content when it is not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Base64 { get; init; }

    public static CodeFile Of(SandboxFile file)
    {
        var plain = new CodeFile(file.Path, file.Content.Length);
        try
        {
            return plain with { Text = Strict.GetString(file.Content.Span) };
        }
        catch (ArgumentException)
        {
            return plain with { Base64 = Convert.ToBase64String(file.Content.Span) };
        }
    }
}

/// <summary>Source-generated serialization of results of code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CodeResult))]
internal sealed partial class CodeJson : JsonSerializerContext
{
    /// <summary>Leaves letters as they are: a model reads the result, no browser does.</summary>
    public static CodeJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
