"""The town's geography without internet: distance, travel time, 町丁目 points, geocoder, map cells."""
