using System.Globalization;
using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Data.Embedded;

/// <summary>
/// Keeps two servers from using one data folder: a lock on the file <c>postgres.lock</c>, which the system releases however its holder
/// dies. <c>postgres.holder</c> says which process that is (nobody else can read a locked file).
/// </summary>
internal sealed class PostgresFolderLock : IDisposable
{
    private const int NoSpaceLeft = 28;
    private static readonly int WouldBlock = OperatingSystem.IsMacOS() ? 35 : 11;
    private readonly FileStream _file;

    private PostgresFolderLock(FileStream file) => _file = file;

    /// <exception cref="Fault">FAILED_PRECONDITION: the folder is in use, or may not be written to; RESOURCE_EXHAUSTED: the disk is full.</exception>
    public static PostgresFolderLock Take(string folder)
    {
        var holder = Path.Combine(folder, "postgres.holder");
        try
        {
            Directory.CreateDirectory(folder, ModeOfNewFolder);
            var file = new FileStream(Path.Combine(folder, "postgres.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new PostgresFolderLock(file);
        }
        catch (UnauthorizedAccessException e)
        {
            throw NotWritable(folder, e.Message);
        }
        catch (IOException e) when (e.HResult == NoSpaceLeft)
        {
            throw EmbeddedFaults.DiskFull(folder, e.Message);
        }
        catch (IOException e)
        {
            throw e.HResult == WouldBlock ? InUse(folder, Read(holder)) : NotWritable(folder, e.Message);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Root's folder is entered by PostgreSQL's user too.</summary>
    private static UnixFileMode ModeOfNewFolder =>
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | (Environment.IsPrivilegedProcess ? UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : UnixFileMode.None);

    private static string Read(string holder)
    {
        try
        {
            return File.ReadAllText(holder);
        }
        catch (IOException)
        {
            return "unknown";
        }
    }

    private static Fault InUse(string folder, string holder) => new(
        StatusCode.FailedPrecondition,
        "DATA_FOLDER_IN_USE",
        $"The data folder {folder} is in use by another Minion (process {holder}).",
        $"Stop that one, or choose another folder ({DataFolderSetting.Name}).");

    private static Fault NotWritable(string folder, string why) => new(
        StatusCode.FailedPrecondition,
        "DATA_FOLDER_NOT_WRITABLE",
        $"The data folder {folder} cannot be written to by user '{Environment.UserName}': {why}",
        $"Give it to this user, or choose another folder ({DataFolderSetting.Name}).");
}
