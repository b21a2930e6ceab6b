"""The pieces of the Deliveries page: one row per delivery, one per studio, and the form that connects a studio."""
