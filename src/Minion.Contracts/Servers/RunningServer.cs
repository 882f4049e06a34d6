using System.Text.Json;
using System.Text.Json.Serialization;

namespace Minion.Contracts.Servers;

/// <summary>
/// The note <c>server.json</c> that a server leaves in its data folder while it runs, so that the command line finds it. After a crash the
/// note stays: look whether the process lives.
/// </summary>
/// <param name="Pid">The server's process.</param>
/// <param name="Http">The address for HTTP, for example <c>http://localhost:5080</c>.</param>
/// <param name="Grpc">The address for gRPC, for example <c>http://localhost:5081</c>.</param>
/// <param name="StartedAt">When it was ready.</param>
/// <param name="Version">The server's version.</param>
/// <param name="LogFile">Where its output goes, if whoever started it said so (MINION_LOG_FILE).</param>
public sealed record RunningServer(int Pid, string Http, string Grpc, DateTimeOffset StartedAt, string Version, string? LogFile)
{
    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "server.json";

    /// <summary>The note in <paramref name="dataFolder"/>; null when there is none that can be read.</summary>
    public static RunningServer? Read(string dataFolder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(dataFolder, FileName)), RunningServerJson.Default.RunningServer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Leaves the note; readers see the old one or the new one, never a half.</summary>
    public void Write(string dataFolder)
    {
        var path = Path.Combine(dataFolder, FileName);
        var draft = $"{path}.{Pid}";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(this, RunningServerJson.Default.RunningServer));
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Takes the note away.</summary>
    public static void Remove(string dataFolder) => File.Delete(Path.Combine(dataFolder, FileName));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(RunningServer))]
internal sealed partial class RunningServerJson : JsonSerializerContext;
