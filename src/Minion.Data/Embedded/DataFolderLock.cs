using System.Globalization;
using Grpc.Core;
using Minion.Contracts.Faults;

namespace Minion.Data.Embedded;

/// <summary>
/// Keeps two servers from using one data folder: a lock on the file <c>minion.lock</c>, which the system releases however its holder
/// dies. The file says which process that is.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    private const int NoSpaceLeft = 28;
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <exception cref="Fault">FAILED_PRECONDITION: the folder is in use, or may not be written to; RESOURCE_EXHAUSTED: the disk is full.</exception>
    public static DataFolderLock Take(string folder)
    {
        var path = Path.Combine(folder, "minion.lock");
        try
        {
            Directory.CreateDirectory(folder, ModeOfNewFolder);
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            Write(file);
            return new DataFolderLock(file);
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
            throw Holder(path) is { } holder ? InUse(folder, holder) : NotWritable(folder, e.Message);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Root's folder is entered by PostgreSQL's user too.</summary>
    private static UnixFileMode ModeOfNewFolder =>
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | (Environment.IsPrivilegedProcess ? UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : UnixFileMode.None);

    private static void Write(FileStream file)
    {
        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        file.Flush();
    }

    private static string? Holder(string path)
    {
        try
        {
            // Shared reading and writing asks for no lock.
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd() is { Length: > 0 } holder ? holder : "unknown";
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Fault InUse(string folder, string holder) => new(
        StatusCode.FailedPrecondition,
        "DATA_FOLDER_IN_USE",
        $"The data folder {folder} is in use by another Minion (process {holder}).",
        $"Stop that one, or choose another folder ({DataFolder.Setting}).");

    private static Fault NotWritable(string folder, string why) => new(
        StatusCode.FailedPrecondition,
        "DATA_FOLDER_NOT_WRITABLE",
        $"The data folder {folder} cannot be written to by user '{Environment.UserName}': {why}",
        $"Give it to this user, or choose another folder ({DataFolder.Setting}).");
}
