"""合同照合: several people and limited places, from the question to the accepted line."""
