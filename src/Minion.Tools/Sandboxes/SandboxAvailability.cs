using Microsoft.Extensions.Options;
using Minion.Tools.Sandboxes.Bubblewrap;

namespace Minion.Tools.Sandboxes;

/// <summary>What this machine has of what sandboxes need.</summary>
internal sealed class SandboxAvailability(IOptions<SandboxOptions> options)
{
    private const string Install =
        "Install it on the machine of the tool service: apt-get install bubblewrap (Debian, Ubuntu), dnf install bubblewrap (Fedora), apk add bubblewrap (Alpine). No restart is needed.";

    private static readonly string[] Needed = ["/bin/sh", "/usr/bin/nice", "/usr/bin/prlimit", "/usr/bin/tar"];

    /// <summary>Where bubblewrap is.</summary>
    /// <exception cref="SandboxUnavailableException">It is not, or something else is missing.</exception>
    public string Bubblewrap()
    {
        if (!options.Value.Enabled)
        {
            throw new SandboxUnavailableException("Code of agents is turned off on this server.", "Who runs the server can turn it on with Tools:Sandbox:Enabled.");
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new SandboxUnavailableException("Code of agents runs only on Linux, where there are sandboxes for it.", "Run the tool service on Linux.");
        }

        var programs = Environment.IsPrivilegedProcess ? Needed.Append("/usr/bin/setpriv") : Needed;
        if (programs.FirstOrDefault(program => !Path.Exists(program)) is { } missing)
        {
            throw new SandboxUnavailableException(
                $"Code of agents is off: {missing} is missing on the machine of the tool service.", "Install util-linux, coreutils and tar.");
        }

        var given = options.Value.Bubblewrap;
        return given.Length == 0
            ? Programs.Find("bwrap") ?? throw new SandboxUnavailableException("Code of agents is off: bubblewrap is not installed, and nothing runs without a sandbox.", Install)
            : File.Exists(given) ? given
            : throw new SandboxUnavailableException($"Code of agents is off: there is no {given} (Tools:Sandbox:Bubblewrap).", Install);
    }

    /// <summary>The path of a program that code in a sandbox can start.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="install">How to install it, a sentence.</param>
    /// <exception cref="SandboxUnavailableException">There is none.</exception>
    public string Program(string name, string install) =>
        Programs.FindWithin(name, ["/usr", .. options.Value.ReadOnlyFolders])
        ?? throw new SandboxUnavailableException($"There is no {name} that a sandbox can see.", install);
}
