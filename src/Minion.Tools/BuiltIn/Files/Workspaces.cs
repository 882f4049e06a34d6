using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Minion.Contracts.Servers;

namespace Minion.Tools.BuiltIn.Files;

/// <summary>The folders that the file tools work in: one for each tenant and session, agent or run.</summary>
internal sealed class Workspaces(IOptions<FileToolOptions> options, IConfiguration configuration)
{
    private const int LongestName = 100;

    public FileToolOptions Options => options.Value;

    /// <summary>The folder that all are in.</summary>
    public string Root { get; } = options.Value.Root is { Length: > 0 } root
        ? Path.GetFullPath(root)
        : Path.Combine(configuration["Data:Folder"] is { Length: > 0 } data ? data : DataFolder.Default, "files");

    /// <summary>The workspace of a call, made when it is missing.</summary>
    /// <exception cref="FileRefusal">Not on this system.</exception>
    public RootedFolder Open(ToolCall call)
    {
        if (!NativeFiles.IsSupported)
        {
            throw new FileRefusal("The file tools need Linux on x64 or arm64.", "Do without files.");
        }

        using var all = RootedFolder.Open(Root);
        return all.Enter(FilePath.Root.Child(FolderName("", call.Caller.Tenant)).Child(NameOf(call)), make: true);
    }

    /// <summary>The folder's name below the tenant's.</summary>
    internal string NameOf(ToolCall call) => (options.Value.Scope, call.Origin) switch
    {
        (WorkspaceScope.Tenant, _) => "all",
        (_, { FromRun: false }) => FolderName("caller-", call.Caller.Principal),
        (WorkspaceScope.Agent, { Agent.Length: > 0 } origin) => FolderName("agent-", origin.Agent),
        (WorkspaceScope.Session, { Session.Length: > 0 } origin) => FolderName("session-", origin.Session),
        (_, { RunId: { } run }) => FolderName("run-", run.ToString()),
        _ => FolderName("caller-", call.Caller.Principal),
    };

    /// <summary>A name for each text, and the same one never twice, also where case does not count.</summary>
    internal static string FolderName(string kind, string text)
    {
        var name = new StringBuilder(kind);
        foreach (var part in Encoding.UTF8.GetBytes(text))
        {
            _ = (char)part is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' ? name.Append((char)part) : name.Append('_').Append(part.ToString("x2"));
        }

        return name.Length <= LongestName
            ? name.ToString()
            : $"{kind}={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
    }
}
