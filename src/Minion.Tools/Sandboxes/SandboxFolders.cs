using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Minion.Contracts.Servers;
using Minion.Tools.Sandboxes.Seccomp;

namespace Minion.Tools.Sandboxes;

/// <summary>Where sandboxes have their files on the host; only this process's user may look into it.</summary>
internal sealed class SandboxFolders(IOptions<SandboxOptions> options, IConfiguration configuration)
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Lazy<string> _root = new(() => Create(options.Value.Folder is { Length: > 0 } given ? given : InDataFolder(configuration)));

    /// <summary>Packed home folders.</summary>
    public string Homes => Create(Path.Combine(_root.Value, "homes"));

    /// <summary>What calls need while they run.</summary>
    public string Calls => Create(Path.Combine(_root.Value, "calls"));

    /// <summary>The filter of system calls, the same for all calls.</summary>
    /// <exception cref="SandboxUnavailableException">There is none for this processor.</exception>
    public string Filter()
    {
        var table = SyscallTable.Here ?? throw new SandboxUnavailableException(
            "Code of agents does not run on this processor: there is no filter of system calls for it.", "Run the tool service on x64 or arm64.");
        var filter = SeccompFilter.Build(table);
        var path = Path.Combine(_root.Value, $"filter-{Convert.ToHexStringLower(SHA256.HashData(filter))[..16]}.bpf");
        if (!File.Exists(path))
        {
            var draft = Path.Combine(Calls, $"{Guid.CreateVersion7():n}.bpf");
            File.WriteAllBytes(draft, filter);
            File.Move(draft, path, overwrite: true);
        }

        return path;
    }

    private static string InDataFolder(IConfiguration configuration)
    {
        var data = configuration["Data:Folder"] is { Length: > 0 } given ? given : DataFolder.Default;
        DataFolder.Create(data);
        return Path.Combine(data, "sandboxes");
    }

    private static string Create(string path)
    {
        Directory.CreateDirectory(path, Own);
        return Path.GetFullPath(path);
    }
}
