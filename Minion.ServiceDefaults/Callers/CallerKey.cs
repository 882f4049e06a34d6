using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Minion.Contracts.Faults;

namespace Minion.ServiceDefaults.Callers;

/// <summary>
/// The secret that services sign callers with: configuration <c>Caller:Key</c> (at least 32 characters), otherwise the file
/// <c>caller.key</c> of the data folder, otherwise one for this process only.
/// </summary>
internal sealed class CallerKey(IConfiguration configuration)
{
    public const string FileName = "caller.key";
    private const int KeyBytes = 32;
    private const int ShortestConfiguredKey = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly Lazy<byte[]> _bytes = new(() => Load(configuration));

    public byte[] Bytes => _bytes.Value;

    private static byte[] Load(IConfiguration configuration)
    {
        if (configuration["Caller:Key"] is { Length: > 0 } configured)
        {
            return configured.Length >= ShortestConfiguredKey
                ? SHA256.HashData(Encoding.UTF8.GetBytes(configured))
                : throw new Fault(
                    StatusCode.FailedPrecondition,
                    "CALLER_KEY_TOO_SHORT",
                    $"Caller:Key has {configured.Length} characters; it needs at least {ShortestConfiguredKey}.",
                    "Set it to a random text, for example the output of: openssl rand -base64 32");
        }

        return configuration["Data:Folder"] is { Length: > 0 } folder ? ReadOrCreate(folder) : RandomNumberGenerator.GetBytes(KeyBytes);
    }

    private static byte[] ReadOrCreate(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            if (!File.Exists(path))
            {
                Create(path);
            }

            // Whoever made the file may still be writing its 32 bytes.
            SpinWait.SpinUntil(() => new FileInfo(path).Length >= KeyBytes, Patience);
            var key = File.ReadAllBytes(path);
            return key.Length == KeyBytes
                ? key
                : throw new Fault(
                    StatusCode.FailedPrecondition,
                    "CALLER_KEY_DAMAGED",
                    $"{path} has {key.Length} bytes where {KeyBytes} are expected.",
                    "Delete the file and start again: a new one is made.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Fault(
                StatusCode.FailedPrecondition,
                "CALLER_KEY_UNREADABLE",
                $"The key of the services, {path}, cannot be read or written: {e.Message}",
                "Make the data folder writable for this user, or choose another one.");
        }
    }

    /// <summary>Creating a file that must not exist is atomic, so two processes that start at once end up with one key.</summary>
    private static void Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using var file = new FileStream(path, options);
            file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
            file.Flush(flushToDisk: true);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first; its key is the key.
        }
    }
}
