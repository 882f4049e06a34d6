using Microsoft.Extensions.Logging;
using Minion.Tools.Network;
using Minion.Tools.Network.Proxy;

namespace Minion.Tools.Sandboxes.Network;

/// <summary>The only way out of one sandbox: the proxy of all programs, on a socket file of its own. It lives as long as the call.</summary>
internal sealed class SandboxProxy : IAsyncDisposable
{
    private const UnixFileMode EnteredByAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode UsedByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly string _folder;
    private readonly GuardedProxy _proxy;

    /// <summary>Listens.</summary>
    /// <param name="guard">Allows the hosts that the sandbox may connect to, and no other.</param>
    /// <param name="time">For deadlines.</param>
    /// <param name="log">Hears of what is broken.</param>
    public SandboxProxy(AddressGuard guard, TimeProvider time, ILogger log)
    {
        // A short path (an address has 108 bytes) with a name that nobody can guess; the sandbox is another user on the host.
        _folder = Directory.CreateTempSubdirectory("minion-proxy-").FullName;
        File.SetUnixFileMode(_folder, EnteredByAll);
        Path = System.IO.Path.Combine(_folder, System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true));
        _proxy = GuardedProxy.OnFile(Path, UsedByAll, guard, time, log);
    }

    /// <summary>The socket's file.</summary>
    public string Path { get; }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
