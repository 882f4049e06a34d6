namespace Minion.Models.Cache;

/// <summary>The calls that are under way, by the request that they answer.</summary>
internal sealed class FlightTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    /// <summary>Joins the call for this request, or begins it.</summary>
    public FlightReader Join(string exact, Func<Flight, Task<FlightEnd>> call)
    {
        lock (_lock)
        {
            if (_flights.TryGetValue(exact, out var flight) && flight.Join() is { } follower)
            {
                return follower;
            }

            var own = new Flight();
            var reader = own.Join()!;
            _flights[exact] = own;
            own.Start(call, () => Land(exact, own));
            return reader;
        }
    }

    private void Land(string exact, Flight flight)
    {
        lock (_lock)
        {
            if (_flights.GetValueOrDefault(exact) == flight)
            {
                _flights.Remove(exact);
            }
        }
    }
}
