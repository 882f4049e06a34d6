namespace Minion.Models.Cache;

/// <summary>One of those who read a flight, and how far it is.</summary>
internal sealed class FlightReader(Flight flight)
{
    public Flight Flight => flight;

    public int Position { get; set; }
}
