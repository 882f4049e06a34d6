using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Data.Embedded;

/// <summary>For root: PostgreSQL's user must own its folder and reach it.</summary>
internal static class FolderOwner
{
    public static async Task EnsureAsync(ServerAccount account, EmbeddedPostgresOptions options, CancellationToken cancellationToken)
    {
        var (_, owner) = await Command.RunAsync(["stat", "-c", "%u", options.PostgresFolder], cancellationToken);
        if (owner.Trim() != $"{account.User}")
        {
            await Command.RunAsync(["chown", "-R", $"{account.User}:{account.Group}", options.PostgresFolder], cancellationToken);
        }

        if (options.Ephemeral)
        {
            // Its own shell removes the folder in the end.
            account.Own(options.Folder);
        }
    }

    /// <exception cref="Fault">FAILED_PRECONDITION: a folder above the data folder, or that one itself, shuts the user out.</exception>
    public static async Task CheckReachableAsync(ServerAccount account, string folder, CancellationToken cancellationToken)
    {
        var (code, output) = await Command.RunAsync([.. account.Prefix(), "test", "-x", folder], cancellationToken);
        if (code != 0)
        {
            throw Unreachable(account, folder, output);
        }
    }

    private static Fault Unreachable(ServerAccount account, string folder, string output) => new(
        StatusCode.FailedPrecondition,
        "DATA_FOLDER_NOT_REACHABLE",
        $"PostgreSQL does not run as root, but as user '{account.Name}', who cannot reach the data folder {folder}. {output.Trim()}".TrimEnd(),
        $"Choose a folder that other users can enter ({DataFolderSetting.Name}; the default for root is /var/lib/minion), or start as another user.");
}
